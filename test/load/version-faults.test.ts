import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsIn, folderOf } from './rule-folder.ts';

/** What a rule is for: its kinds (`v1`, `v2`, … of one resource), and what else it says. */
interface For {
  readonly kinds: string;
  readonly operations?: string;
  readonly more?: string;
  readonly maker?: 'mutatingRule';
}

const MEND =
  'the API server converts nothing that any rule of a webhook lists, so list the same versions in both (kind: [A, B]), or name a webhook of its own';

/** Rules `a`, `b`, `c`, …, each in a file of its own, and what is told of them. */
const cases: readonly { sentence: string; rules: readonly For[]; faults: readonly string[] }[] = [
  {
    sentence: 'two rules, each for its own version of a resource, would each miss what is written in the other',
    rules: [{ kinds: 'v1' }, { kinds: 'v2' }],
    faults: [
      `b.js: rule b: its kind lists v2 of shapes.example.org on CREATE where a lists v1, and they share the webhook policy: ${MEND} (rule a: a.js)`,
    ],
  },
  {
    sentence: 'a rule that lists one version more than the rule before it',
    rules: [{ kinds: 'v1' }, { kinds: '[v2, v1]' }],
    faults: [
      `b.js: rule b: its kind lists v1 and v2 of shapes.example.org on CREATE where a lists v1, and they share the webhook policy: ${MEND} (rule a: a.js)`,
    ],
  },
  {
    sentence: 'the operations on which they meet are told together, and others not',
    rules: [
      { kinds: 'v1', operations: "['DELETE', 'UPDATE', 'CREATE']" },
      { kinds: 'v2', operations: "['CREATE', 'UPDATE', 'CONNECT']" },
    ],
    faults: [
      `b.js: rule b: its kind lists v2 of shapes.example.org on CREATE and UPDATE where a lists v1, and they share the webhook policy: ${MEND} (rule a: a.js)`,
    ],
  },
  {
    sentence: 'rules that are at odds with two others, on an operation each',
    rules: [
      { kinds: 'v1', operations: "['CREATE']" },
      { kinds: 'v2', operations: "['UPDATE']" },
      { kinds: '[v1, v2]', operations: "['CREATE', 'UPDATE']" },
    ],
    faults: [
      `c.js: rule c: its kind lists v1 and v2 of shapes.example.org on CREATE where a lists v1, and they share the webhook policy: ${MEND} (rule a: a.js)`,
      `c.js: rule c: its kind lists v1 and v2 of shapes.example.org on UPDATE where b lists v2, and they share the webhook policy: ${MEND} (rule b: b.js)`,
    ],
  },
  {
    sentence: 'mutating rules of a webhook with a name',
    rules: [
      { kinds: 'v1', maker: 'mutatingRule', more: "webhook: 'own'" },
      { kinds: 'v2', maker: 'mutatingRule', more: "webhook: 'own'" },
    ],
    faults: [
      `b.js: rule b: its kind lists v2 of shapes.example.org on CREATE where a lists v1, and they share the webhook own: ${MEND} (rule a: a.js)`,
    ],
  },
  {
    sentence: 'nothing: the same versions in another order, or one of them twice',
    rules: [{ kinds: '[v1, v2]' }, { kinds: '[v2, v1, v2]' }],
    faults: [],
  },
  {
    sentence: 'nothing: one rule that lists several versions',
    rules: [{ kinds: '[v1, v2]' }],
    faults: [],
  },
  {
    sentence: 'nothing: different versions in webhooks, phases or operations of their own',
    rules: [
      { kinds: 'v1' },
      { kinds: 'v2', more: "webhook: 'own'" },
      { kinds: 'v2', maker: 'mutatingRule' },
      { kinds: 'v2', operations: "['UPDATE']" },
    ],
    faults: [],
  },
  {
    sentence: 'nothing: different versions of a resource and of its subresource, or of another group’s resource',
    rules: [
      { kinds: 'v1' },
      { kinds: "{ ...v2, resource: 'shapes/scale' }" },
      { kinds: "{ ...v2, group: 'other.org' }" },
    ],
    faults: [],
  },
];

for (const { sentence, rules, faults } of cases) {
  test(`what is told of versions that one webhook carries: ${sentence}`, async (t) => {
    const files = rules.map((rule, i) => [`${'abcd'[i]}.js`, fileOf('abcd'[i] ?? '', rule)]);
    const folder = await folderOf(t, { 'portcullis.yaml': '', ...Object.fromEntries(files) });
    assert.deepEqual(
      (await faultsIn(folder)).map((fault) => fault.replaceAll('.js:4', '.js')),
      faults,
    );
  });
}

function fileOf(name: string, { kinds, operations = "['CREATE']", more = '', maker }: For): string {
  const verb = maker === 'mutatingRule' ? 'mutate() {}' : 'validate: () => allow()';
  return [
    "import { allow, mutatingRule, validatingRule } from 'portcullis';",
    "const v1 = { group: 'example.org', version: 'v1', kind: 'Shape', resource: 'shapes', scope: 'Namespaced' };",
    "const v2 = { ...v1, version: 'v2' };",
    `export const rule = ${maker ?? 'validatingRule'}({ name: '${name}', kind: ${kinds}, operations: ${operations}, ${verb}, ${more} });`,
  ].join('\n');
}
