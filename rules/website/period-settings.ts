import type { FromSchema, Schema } from '../../author.ts';

/** The setting of the time between two fetches, for every rule that asks `periodProblem`. */
export const periodSettings = {
  minimumPeriodSeconds: {
    type: 'integer',
    minimum: 10,
    maximum: 86400,
    default: 10,
    description: 'The shortest time between two fetches that may be asked for: every pod fetches by itself.',
  },
} as const satisfies { [setting: string]: Schema };

/** `periodSettings`, filled in. */
export type PeriodSettings = FromSchema<{ readonly type: 'object'; readonly properties: typeof periodSettings }>;
