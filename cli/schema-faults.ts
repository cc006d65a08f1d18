import type { ErrorObject } from 'ajv';
import { nearest } from '../webhook/nearest.ts';

/** What is wrong at one place of a configuration: where (member names, indexes), and a sentence. */
export interface SchemaFault {
  readonly path: readonly string[];
  readonly fault: string;
  /** The last step of the path is what is missing. */
  readonly isMissing?: true;
}

/** Says ajv's errors in the words of who wrote the configuration. Values are not repeated: they may be secrets. */
export function schemaFaults(errors: readonly ErrorObject[]): SchemaFault[] {
  return errors.map((error) => {
    const path = error.instancePath
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const params = error.params as { [name: string]: unknown };
    switch (error.keyword) {
      case 'additionalProperties': {
        const name = String(params.additionalProperty);
        return { path: [...path, name], fault: `unknown${nearest(name, knownOf(error))}` };
      }
      case 'required':
        return { path: [...path, String(params.missingProperty)], fault: 'is required', isMissing: true };
      case 'enum':
        return { path, fault: `must be one of ${(params.allowedValues as unknown[]).map(String).join(', ')}` };
      case 'type':
        return { path, fault: `must be ${[params.type].flat().map(String).map(withArticle).join(' or ')}` };
      case 'minLength':
        return {
          path,
          fault: params.limit === 1 ? 'must not be empty' : `must have ${params.limit} characters or more`,
        };
      case 'maxLength':
        return { path, fault: `must have ${params.limit} characters or fewer` };
      case 'minItems':
        return { path, fault: params.limit === 1 ? 'must not be empty' : `must have ${params.limit} items or more` };
      case 'maxItems':
        return { path, fault: `must have ${params.limit} items or fewer` };
      case 'minimum':
        return { path, fault: `must be ${params.limit} or more` };
      case 'maximum':
        return { path, fault: `must be ${params.limit} or less` };
      case 'pattern':
        return { path, fault: `must match ${params.pattern}${exampleOf(error)}` };
      default:
        return { path, fault: error.message ?? 'is wrong' };
    }
  });
}

function exampleOf({ parentSchema }: ErrorObject): string {
  const example = (parentSchema as { examples?: readonly unknown[] } | undefined)?.examples?.[0];
  return example === undefined ? '' : `, as "${example}" does`;
}

function knownOf({ parentSchema }: ErrorObject): readonly string[] {
  const properties = (parentSchema as { properties?: object } | undefined)?.properties;
  return properties === undefined ? [] : Object.keys(properties);
}

function withArticle(type: string): string {
  if (type === 'null') return type;
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}
