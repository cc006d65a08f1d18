import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsIn, folderOf, load, ruleFile } from './rule-folder.ts';

const settings = `settings: {
  type: 'object',
  required: ['team'],
  properties: {
    team: { type: 'string', minLength: 1 },
    hosts: { type: 'array', items: { type: 'string' }, maxItems: 2, default: ['github.com'] },
    depth: { type: 'integer', minimum: 1, maximum: 10, default: 1 },
    when: { type: 'string', enum: ['always', 'never'], default: 'always' },
    limits: { type: 'object', properties: { cpu: { type: 'string', pattern: '^[0-9]+m$' } } },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    user: { type: 'integer', nullable: true, minimum: 1, default: 65533 },
    size: { type: 'string', nullable: true, enum: ['small', 'large'] },
    extra: { type: 'object' },
  },
}`;
const rule = ruleFile('a', settings);

/** What portcullis.yaml says of the rule `a`, from line 3 on, and what is told of it. */
const cases: readonly { sentence: string; says: string; faults: readonly string[] }[] = [
  {
    sentence: 'a required setting is not there',
    says: 'settings: { depth: 2 }',
    faults: ['portcullis.yaml:3: rules.a.settings.team: is required'],
  },
  {
    sentence: 'a setting is misspelt',
    says: 'settings:\n      team: web\n      hots: []',
    faults: ['portcullis.yaml:5: rules.a.settings.hots: unknown; did you mean hosts?'],
  },
  {
    sentence: 'a setting is unknown',
    says: 'settings:\n      team: web\n      colour: red',
    faults: [
      'portcullis.yaml:5: rules.a.settings.colour: unknown; known: team, hosts, depth, when, limits, labels, user, size, extra',
    ],
  },
  {
    sentence: 'a member of a setting is misspelt',
    says: 'settings: { team: web, limits: { cpus: 1m } }',
    faults: ['portcullis.yaml:3: rules.a.settings.limits.cpus: unknown; did you mean cpu?'],
  },
  {
    sentence: 'settings are of the wrong type, at each its line',
    says: "settings:\n      team: 1\n      hosts: github.com\n      depth: '2'\n      labels:\n        a: 1\n      extra: []",
    faults: [
      'portcullis.yaml:4: rules.a.settings.team: must be a string',
      'portcullis.yaml:5: rules.a.settings.hosts: must be an array',
      'portcullis.yaml:6: rules.a.settings.depth: must be an integer',
      'portcullis.yaml:8: rules.a.settings.labels.a: must be a string',
      'portcullis.yaml:9: rules.a.settings.extra: must be an object',
    ],
  },
  {
    sentence: 'an item is of the wrong type',
    says: 'settings:\n      team: web\n      hosts:\n        - a\n        - 2',
    faults: ['portcullis.yaml:7: rules.a.settings.hosts.1: must be a string'],
  },
  {
    sentence: 'values are out of their bounds',
    says: "settings: { team: '', hosts: [a, b, c], depth: 11, when: sometimes, limits: { cpu: 1 m } }",
    faults: [
      'portcullis.yaml:3: rules.a.settings.team: must not be empty',
      'portcullis.yaml:3: rules.a.settings.hosts: must have 2 items or fewer',
      'portcullis.yaml:3: rules.a.settings.depth: must be 10 or less',
      'portcullis.yaml:3: rules.a.settings.when: must be one of always, never',
      'portcullis.yaml:3: rules.a.settings.limits.cpu: must match ^[0-9]+m$',
    ],
  },
  {
    sentence: 'null where it is no value, and neither a value nor null where both are',
    says: 'settings: { team: null, depth: null, user: root, size: medium }',
    faults: [
      'portcullis.yaml:3: rules.a.settings.team: must be a string',
      'portcullis.yaml:3: rules.a.settings.depth: must be an integer',
      'portcullis.yaml:3: rules.a.settings.user: must be an integer or null',
      'portcullis.yaml:3: rules.a.settings.size: must be one of small, large, null',
    ],
  },
  {
    sentence: 'a value that is out of its bounds where null would not be',
    says: 'settings: { team: web, user: 0 }',
    faults: ['portcullis.yaml:3: rules.a.settings.user: must be 1 or more'],
  },
  {
    sentence: 'a rule is off, and its settings are wrong all the same',
    says: 'mode: off\n    settings: { team: 1 }',
    faults: ['portcullis.yaml:4: rules.a.settings.team: must be a string'],
  },
];

for (const { sentence, says, faults } of cases) {
  test(`refused, with line and reason: ${sentence}`, async (t) => {
    const folder = await folderOf(t, { 'portcullis.yaml': `rules:\n  a:\n    ${says}\n`, 'a.ts': rule });
    assert.deepEqual(await faultsIn(folder), faults);
  });
}

test('a required setting that nobody has given is told as well, where there is no section for the rule', async (t) => {
  const folder = await folderOf(t, { 'portcullis.yaml': '# nothing yet\n', 'a.ts': rule });
  assert.deepEqual(await faultsIn(folder), ['portcullis.yaml:1: rules.a.settings.team: is required']);
});

/** Schemas that their authors have to mend. */
const schemas: readonly { sentence: string; schema: string; faults: readonly string[] }[] = [
  {
    sentence: 'a type that does not exist',
    schema: "{ type: 'object', properties: { a: { type: 'text' } } }",
    faults: ['its settings.a has the type "text"; it must be one of object, array, string, number, integer, boolean'],
  },
  {
    sentence: 'a pattern that is no regular expression',
    schema: "{ type: 'object', properties: { a: { type: 'string', pattern: '(' } } }",
    faults: ['its settings are no valid schema: Invalid regular expression: /(/u: Unterminated group'],
  },
  {
    sentence: 'keywords that nothing heeds',
    schema:
      "{ type: 'object', properties: { a: { type: 'string', minLenght: 1, format: 'uri' } }, additionalProperties: { type: 'array', items: { type: 'string', $ref: '#' } } }",
    faults: [
      'its settings.a has the unknown keyword "minLenght"; did you mean minLength?',
      'its settings.a has "format", which is not checked; use "pattern"',
      'its settings.*[] has the unknown keyword "$ref"; known: type, properties, required, additionalProperties, items, enum, default, nullable, description, pattern, minimum, maximum, minLength, maxLength, minItems, maxItems',
    ],
  },
  {
    sentence: 'settings that are a list',
    schema: "{ type: 'array' }",
    faults: ['its settings must be a JSON Schema of type "object"'],
  },
  {
    sentence: 'a property that is no schema',
    schema: "{ type: 'object', properties: { a: 'string' } }",
    faults: ['its settings.a must be a schema'],
  },
  {
    sentence: 'defaults that the schema itself refuses',
    schema:
      "{ type: 'object', properties: { a: { type: 'integer', default: '1' }, b: { type: 'object', properties: { c: { type: 'string' } }, required: ['c'], default: {} } } }",
    faults: ['the default of its settings.a must be an integer', 'the default of its settings.b.c is required'],
  },
];

for (const { sentence, schema, faults } of schemas) {
  test(`refused, and the rule's author is told: ${sentence}`, async (t) => {
    const folder = await folderOf(t, { 'portcullis.yaml': '', 'a.js': ruleFile('a', `settings: ${schema}`) });
    assert.deepEqual(
      await faultsIn(folder),
      faults.map((fault) => `a.js:2: rule a: ${fault}`),
    );
  });
}

test('settings reach the rule with their defaults, and nobody can change them', async (t) => {
  const folder = await folderOf(t, {
    'portcullis.yaml': 'rules: { a: { settings: { team: web, limits: { cpu: 5m } } } }',
    'a.ts': rule,
    'b.ts': ruleFile('b'),
  });
  const [a, b] = (await load(folder)).rules;
  assert.deepEqual(a?.settings, {
    team: 'web',
    hosts: ['github.com'],
    depth: 1,
    when: 'always',
    limits: { cpu: '5m' },
    user: 65533,
  });
  assert.deepEqual(b?.settings, {});
  const frozen = a?.settings as { hosts: string[]; limits: { cpu: string } };
  assert.throws(() => frozen.hosts.push('x'), TypeError);
  assert.throws(() => Object.assign(frozen.limits, { cpu: '6m' }), TypeError);
  assert.throws(() => Object.assign(frozen, { team: 'x' }), TypeError);
});

test('null reaches the rule where the schema is nullable: it is not taken for a setting that nobody gave', async (t) => {
  const folder = await folderOf(t, {
    'portcullis.yaml': 'rules: { a: { settings: { team: web, user: null, size: null } } }',
    'a.ts': rule,
  });
  const [a] = (await load(folder)).rules;
  assert.deepEqual(a?.settings, {
    team: 'web',
    hosts: ['github.com'],
    depth: 1,
    when: 'always',
    user: null,
    size: null,
  });
});

test('two rules of one schema do not share what a default made', async (t) => {
  const folder = await folderOf(t, {
    'portcullis.yaml': 'rules: { a: { settings: { team: web } }, b: { settings: { team: web } } }',
    'a.ts': rule,
    'b.ts': rule.replace("name: 'a'", "name: 'b'"),
  });
  const [a, b] = (await load(folder)).rules;
  assert.deepEqual(a?.settings, b?.settings);
  assert.notEqual(a?.settings, b?.settings);
});

test('modes are the configuration’s: a rule is off, warns, or is only audited', async (t) => {
  const folder = await folderOf(t, {
    // In YAML 1.2, "off" is a text; it must not become false.
    'portcullis.yaml':
      'rules: { a: { mode: off }, b: { mode: warn }, c: { mode: audit }, d: { mode: enforce }, e: {} }',
    ...Object.fromEntries([...'abcdef'].map((name) => [`${name}.ts`, ruleFile(name)])),
  });
  const { rules } = await load(folder);
  assert.deepEqual(
    rules.map(({ rule: { name }, mode }) => `${name} ${mode}`),
    ['b warn', 'c audit', 'd enforce', 'e enforce', 'f enforce'],
  );
});
