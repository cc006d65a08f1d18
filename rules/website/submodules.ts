import type { FromSchema, Schema } from '../../author.ts';
import { websiteSchema } from './crd.ts';

/**
 * The setting of submodules, for every rule that asks `submodulesProblem`. They are fetched from the hosts that the
 * repository's own `.gitmodules` names, where no list of allowed hosts is asked (injection.md §1.7).
 */
export const submoduleSettings = {
  submodules: {
    type: 'string',
    enum: ['allow', 'refuse'],
    default: 'allow',
    description:
      'Whether submodules may be asked for. They come from whatever hosts the repository names: neither allowedHosts nor privateHosts holds them.',
  },
} as const satisfies { [setting: string]: Schema };

/** `submoduleSettings`, filled in. */
export type SubmoduleSettings = FromSchema<{
  readonly type: 'object';
  readonly properties: typeof submoduleSettings;
}>;

/**
 * What is wrong with the submodules that are asked for, as a sentence that begins with "must", or undefined. What is
 * none of the schema's values is left to the schema; without settings every one of those will do.
 */
export function submodulesProblem(asked: string, settings?: SubmoduleSettings): string | undefined {
  const [off, ...fetched] = websiteSchema.properties.spec.properties.submodules.enum;
  if (settings?.submodules !== 'refuse' || !fetched.some((value) => value === asked)) return undefined;
  return `must be "${off}": submodules come from whatever hosts the repository names, which is not allowed here`;
}
