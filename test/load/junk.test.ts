import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, mutatingRule, Pod, type Rule, validatingRule } from '../../author.ts';
import { configFrom } from '../../cli/config.ts';
import { Faults } from '../../cli/faults.ts';
import { loadRules } from '../../cli/load.ts';

const circle: unknown[] = [];
circle.push({ circle });

/** What JavaScript lets an author write in any place; undefined is "left out", and is not among it. */
const junk: readonly unknown[] = [
  null,
  0,
  Number.NaN,
  1n,
  '',
  'x y',
  true,
  [],
  [null],
  {},
  { x: circle },
  circle,
  Symbol('s'),
  () => 1,
];

const right = { name: 'a', kind: Pod, operations: ['CREATE'] } as const;

/** Values that are no junk in a member: nothing is wrong with them there. */
const fine: { readonly [member: string]: (value: unknown) => boolean } = {
  settings: (value) => value === null,
  lookups: (value) => value === null || isEmpty(value),
  selectors: isEmpty,
  matchConditions: (value) => Array.isArray(value) && value.length === 0,
  validate: (value) => typeof value === 'function',
  mutate: (value) => typeof value === 'function',
};

for (const [phase, make] of [
  ['validating', (more: object) => validatingRule({ ...right, validate: () => allow(), ...more })],
  ['mutating', (more: object) => mutatingRule({ ...right, mutate: () => undefined, ...more })],
] as const) {
  const verb = phase === 'mutating' ? 'mutate' : 'validate';
  const routing = ['webhook', 'selectors', 'failurePolicy', 'timeoutSeconds', 'reinvocationPolicy', 'matchConditions'];
  for (const member of ['name', 'kind', 'operations', 'settings', 'lookups', verb, 'surprise', ...routing]) {
    test(`whatever is in ${member} of a ${phase} rule, it is refused in words, and never by an accident`, async () => {
      for (const value of junk) {
        const accepted = fine[member]?.(value) ?? false;
        const reasons = await faultsOf(make({ [member]: value }));
        const shown = typeof value === 'object' ? JSON.stringify(value, withoutCircles()) : String(value);
        assert.equal(reasons.length === 0, accepted, `${member}: ${shown} gives ${reasons.join('; ') || 'no fault'}`);
        for (const reason of reasons) assert.match(reason, /^rule [^:]+: |^rules\./, reason);
      }
    });
  }
}

async function faultsOf(rule: Rule): Promise<string[]> {
  try {
    await loadRules([rule], configFrom({ words: [], flags: { config: ['/dev/null'] } }, {}));
    return [];
  } catch (error) {
    if (!(error instanceof Faults)) throw error;
    return error.faults.map(({ reason }) => reason);
  }
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

function withoutCircles(): (key: string, value: unknown) => unknown {
  const seen = new Set<unknown>();
  return (_, value) => {
    if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
    if (typeof value !== 'object') return value;
    if (seen.has(value)) return '…';
    seen.add(value);
    return value;
  };
}
