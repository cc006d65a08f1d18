import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsIn, folderOf } from './rule-folder.ts';

/** What stands before a rule, the members that use it, and what its author is told: no way into the loader's own stack. */
const cases: readonly { sentence: string; before?: string; members: string; faults: readonly string[] }[] = [
  {
    sentence: 'a schema that refers to itself',
    before: "const tree = { type: 'object', properties: {} }; tree.properties.child = tree;",
    members: 'settings: tree',
    faults: ['its settings.properties.child must not be what it stands in: it would have no end'],
  },
  {
    sentence: 'a schema that refers to itself through a list',
    before: "const list = { type: 'array' }; list.items = { type: 'array', enum: [[], [list]] };",
    members: "settings: { type: 'object', additionalProperties: list }",
    faults: ['its settings.additionalProperties.items.enum[1][0] must not be what it stands in: it would have no end'],
  },
  {
    sentence: 'a schema of 100,000 levels',
    before: "let deep = { type: 'string' }; for (let i = 0; i < 100_000; i++) deep = { type: 'array', items: deep };",
    members: "settings: { type: 'object', properties: { deep } }",
    faults: [`its settings.properties.deep${'.items'.repeat(62)} must not be nested so deep: 64 levels are allowed`],
  },
  {
    sentence: 'a schema that stands in itself twice on each of 25 levels',
    before:
      "let wide = { type: 'string' }; for (let i = 0; i < 25; i++) wide = { type: 'object', properties: { a: wide, b: wide } };",
    members: 'settings: wide',
    faults: ['its settings must not hold more than 100000 values'],
  },
  {
    sentence: 'a default that refers to itself',
    before: 'const loop = {}; loop.a = loop;',
    members: "settings: { type: 'object', properties: { a: { type: 'object', default: loop } } }",
    faults: ['its settings.properties.a.default.a must not be what it stands in: it would have no end'],
  },
  {
    sentence: 'getters that throw',
    before: "const hostile = { get type() { throw new Error('a'); } };",
    members: 'settings: hostile, kind: { ...Pod, get group() { throw 1; } }, selectors: { get x() { throw 2; } }',
    faults: [
      'its kind[0].group must be a value, not a getter or a setter',
      'its selectors.x must be a value, not a getter or a setter',
      'its settings.type must be a value, not a getter or a setter',
    ],
  },
  {
    sentence: 'proxies, one of them revoked',
    before:
      'const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); const p = new Proxy({}, { ownKeys() { throw 1; } });',
    members: 'name: proxy, settings: proxy, lookups: p, operations: p, matchConditions: [p], kind: [p]',
    faults: [
      'its kind[0] must be a plain object, not a Proxy',
      'its operations must be a plain object, not a Proxy',
      'its matchConditions[0] must be a plain object, not a Proxy',
      'its settings must be a plain object, not a Proxy',
      'its lookups must be a plain object, not a Proxy',
    ],
  },
  {
    sentence: 'objects of classes, whose members their prototypes compute',
    before: 'class Labels { toJSON() { throw 1; } }',
    members: 'selectors: { x: { objectSelector: { matchLabels: new Labels() } } }, settings: new Map()',
    faults: [
      'its selectors.x.objectSelector.matchLabels must be a plain object or a list',
      'its settings must be a plain object or a list',
    ],
  },
  {
    sentence: 'routing that refers to itself',
    before: 'const x = {}; x.objectSelector = x;',
    members: 'selectors: { x }, timeoutSeconds: 5n',
    faults: ['its selectors.x.objectSelector must not be what it stands in: it would have no end'],
  },
  {
    sentence: 'a list that brings its own methods',
    before: "const list = Object.assign(['CREATE'], { filter() { throw 1; } });",
    members: 'operations: list',
    faults: ['its operations must be a list without members of its own'],
  },
  {
    sentence: 'objects that have no text',
    before: 'const none = Object.create(null);',
    members: 'operations: [none], webhook: none',
    faults: [
      'its operations have an object; known: CREATE, UPDATE, DELETE, CONNECT',
      'its webhook must be lower-case letters, digits and "-", beginning with a letter, 63 at most, not an object',
    ],
  },
];

for (const { sentence, before = '', members, faults } of cases) {
  test(`refused in words: ${sentence}`, async (t) => {
    const folder = await folderOf(t, {
      'portcullis.yaml': 'rules: { a: { mode: warn } }',
      'a.js': fileOf(before, members),
    });
    const told = await faultsIn(folder);
    assert.deepEqual(
      told
        .filter((fault) => !fault.startsWith('portcullis.yaml'))
        .map((fault) => fault.replace(/^a\.js:3: rule [^:]+: /, '')),
      faults,
    );
  });
}

test('a name that has no text is refused, beside a configuration that names rules', async (t) => {
  const folder = await folderOf(t, {
    'portcullis.yaml': 'rules: { b: { mode: warn } }',
    'a.js': fileOf('', 'name: Object.create(null)'),
  });
  assert.deepEqual(await faultsIn(folder), [
    'a.js:3: rule an object: its name must be lower-case letters, digits and "-", beginning with a letter, 63 at most',
    'portcullis.yaml:1: rules.b: there is no such rule',
  ]);
});

test('a file that throws what has no text is refused', async (t) => {
  const folder = await folderOf(t, { 'portcullis.yaml': '', 'a.js': 'throw Object.create(null);' });
  assert.deepEqual(await faultsIn(folder), ['a.js: it threw an object, which is no Error, while it was loaded']);
});

function fileOf(before: string, members: string): string {
  return [
    "import { allow, Pod, validatingRule } from 'portcullis';",
    before,
    `export const a = validatingRule({ name: 'a', kind: Pod, operations: ['CREATE'], validate: () => allow(), ${members} });`,
  ].join('\n');
}
