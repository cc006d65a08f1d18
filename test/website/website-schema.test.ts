import assert from 'node:assert/strict';
import { test } from 'node:test';
import { websiteSchema } from '../../rules/website/website-schema.ts';
import { decisionOf, website } from './decision-of.ts';

const problems = (object: unknown, oldObject?: unknown) => decisionOf(websiteSchema, object, oldObject).problems;

const condition = {
  type: 'Ready',
  status: 'True',
  lastTransitionTime: '2026-01-02T03:04:05Z',
  reason: 'Up',
  message: '',
};
const wrongType = (field: string, actual: string, expected: string) =>
  `${field}: Invalid value: "${actual}": ${field} in body must be of type ${expected}: "${actual}"`;

const judged: { [sentence: string]: [object: unknown, ...problems: string[]] } = {
  'a repository alone is enough': [website()],
  'every field may be given': [
    {
      ...website({
        ref: 'main',
        period: '5m',
        depth: 0,
        submodules: 'shallow',
        credentials: { secretName: 'git.key' },
      }),
      status: { observedGeneration: 1, conditions: [condition, { ...condition, type: 'example.com/Fetched' }] },
    },
  ],
  'unknown fields are the API server’s to prune': [website({ branch: 'main' })],
  'there must be a spec': [{ metadata: {} }, 'spec: Required value'],
  'there must be a repository': [{ metadata: {}, spec: {} }, 'spec.gitRepo: Required value'],
  'null is not there, or the default': [
    website({ gitRepo: null, ref: null, credentials: null }),
    'spec.gitRepo: Required value',
  ],
  'a spec is an object': [{ spec: 'x' }, wrongType('spec', 'string', 'object')],
  'all that is wrong is said at once': [
    website({ gitRepo: 5, ref: [], period: 60, depth: '1', submodules: 'yes', credentials: {} }),
    'spec.credentials.secretName: Required value',
    wrongType('spec.depth', 'string', 'integer'),
    wrongType('spec.gitRepo', 'integer', 'string'),
    wrongType('spec.period', 'integer', 'string'),
    wrongType('spec.ref', 'array', 'string'),
    'spec.submodules: Unsupported value: "yes": supported values: "off", "shallow", "recursive"',
  ],
  'a depth has bounds': [
    website({ depth: -1 }),
    'spec.depth: Invalid value: -1: spec.depth in body should be greater than or equal to 0',
  ],
  'a password is not repeated, however long the address': [
    website({ gitRepo: `https://u:hunter2@h/${'r'.repeat(2048)}` }),
    'spec.gitRepo: Too long: may not be more than 2048 bytes',
  ],
  'a Secret has a Secret’s name': [
    website({ credentials: { secretName: 'Git' } }),
    `spec.credentials.secretName: Invalid value: "Git": spec.credentials.secretName in body should match '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'`,
  ],
  'a condition stands once': [
    { ...website(), status: { conditions: [condition, condition] } },
    'status.conditions[1]: Duplicate value: {"type":"Ready"}',
  ],
};

for (const [sentence, [object, ...expected]] of Object.entries(judged)) {
  test(`${sentence}`, () => assert.deepEqual([...problems(object)].sort(), expected));
}

const DEEP = website({ depth: -1, submodules: 'yes' });

test('an update leaves be what was wrong and stays', () => {
  assert.deepEqual(problems({ ...DEEP, metadata: { labels: {} } }, DEEP), []);
});

test('an update may mend one field and leave the other', () => {
  assert.deepEqual(problems(website({ depth: 1, submodules: 'yes' }), DEEP), []);
});

test('an update may not go from one wrong value to another', () => {
  assert.match(
    problems(website({ depth: -2, submodules: 'yes' }), DEEP).join(),
    /^spec\.depth: Invalid value: -2: [^,]*$/,
  );
});

test('an update may not take the repository away', () => {
  assert.deepEqual(problems({ spec: {} }, website()), ['spec.gitRepo: Required value']);
});

test('an update may leave away what was away', () => {
  assert.deepEqual(problems({ spec: { ref: 'v2' } }, { spec: {} }), []);
});
