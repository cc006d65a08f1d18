import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type CustomResourceDefinition, kindOf, type Rule, schemaRule } from '../../author.ts';
import { decide } from '../../webhook/outcome.ts';
import { folderOf } from '../load/rule-folder.ts';

type Version = CustomResourceDefinition['spec']['versions'][number];

const schema = {
  openAPIV3Schema: {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        required: ['city', 'days'],
        properties: {
          city: { type: 'string' },
          days: { type: 'integer', minimum: 1, default: 7 },
          unit: { type: 'string', enum: ['C', 'F'], default: 'C' },
        },
      },
    },
  },
} as const;
const v1: Version = { name: 'v1', served: true, storage: true, schema };

function crd(kind: string, versions: readonly Version[] = [v1]): CustomResourceDefinition {
  const names = { kind, plural: `${kind.toLowerCase()}s` };
  const spec = { group: 'weather.example.com', scope: 'Namespaced', names, versions };
  return { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', spec };
}

function outcomeOf(rule: Rule, object: object, oldObject?: object) {
  const entry = { rule, settings: {}, mode: 'enforce' } as const;
  const outcome = decide(entry, object, { request: {}, oldObject, found: {} } as never);
  if (outcome.decision !== 'deny') return outcome;
  const problems = outcome.problems.map((problem) =>
    typeof problem === 'string' ? problem : `${problem.field}: ${problem.message}`,
  );
  return { ...outcome, problems };
}

const rule = schemaRule(crd('WeatherReport'));
const report = (spec: object) => ({ apiVersion: 'weather.example.com/v1', kind: 'WeatherReport', metadata: {}, spec });

test('the rule is for creations and updates of the kind, and named after it', () => {
  const { name, phase, operations, kinds } = rule;
  const kind = {
    group: 'weather.example.com',
    version: 'v1',
    kind: 'WeatherReport',
    resource: 'weatherreports',
    scope: 'Namespaced',
  };
  assert.deepEqual(
    { name, phase, operations, kinds },
    {
      name: 'weather-report-schema',
      phase: 'validating',
      operations: ['CREATE', 'UPDATE'],
      kinds: [kind],
    },
  );
  assert.deepEqual(kindOf(crd('WeatherReport')), kind);
});

for (const [kind, name] of [
  ['Book', 'book-schema'],
  ['HTTPRoute', 'http-route-schema'],
  ['IPAddressPool', 'ip-address-pool-schema'],
  ['S3Bucket', 's3-bucket-schema'],
  ['KafkaTopicV2', 'kafka-topic-v2-schema'],
] as const) {
  test(`the rule of ${kind} is ${name}`, () => assert.equal(schemaRule(crd(kind)).name, name));
}

test('name and routing may be given', () => {
  const { name, routing } = schemaRule(crd('Book'), { name: 'books', webhook: 'books', failurePolicy: 'Ignore' });
  assert.deepEqual([name, routing], ['books', { webhook: 'books', failurePolicy: 'Ignore' }]);
});

const versions: { readonly [sentence: string]: [versions: readonly Partial<Version>[], asked?: string] } = {
  'the version that is stored, if it is served': [[{ name: 'v1beta1', storage: false }, { name: 'v1' }]],
  'the first that is served, if the stored one is not': [
    [
      { name: 'v0', served: false },
      { name: 'v1', storage: false },
      { name: 'v2', storage: false },
    ],
  ],
  'the one that is asked for': [[{ name: 'v2' }, { name: 'v1', storage: false }], 'v1'],
};
for (const [sentence, [given, version]] of Object.entries(versions)) {
  test(`its schema is that of ${sentence}`, () => {
    const own = { ...v1, schema: { openAPIV3Schema: { type: 'object', required: ['v1'] } } } as const;
    const other = { ...v1, schema: { openAPIV3Schema: { type: 'object', required: ['other'] } } } as const;
    const all = given.map((one) => ({ ...(one.name === 'v1' ? own : other), ...one }));
    const rule = schemaRule(crd('Book', all), version === undefined ? {} : { version });
    assert.equal(rule.kinds[0]?.version, 'v1');
    assert.equal(kindOf(crd('Book', all), version).version, 'v1');
    assert.deepEqual(outcomeOf(rule, {}), { decision: 'deny', problems: ['v1: Required value'] });
  });
}

test('what is right is allowed, with what has a default left out', () => {
  assert.deepEqual(outcomeOf(rule, report({ city: 'London' })), { decision: 'allow', warnings: [] });
});

test('null is the default where there is one, and nothing where there is none', () => {
  assert.equal(outcomeOf(rule, report({ city: 'London', days: null, unit: null })).decision, 'allow');
  assert.deepEqual(outcomeOf(rule, report({ city: null })), {
    decision: 'deny',
    problems: ['spec.city: Required value'],
  });
});

test('all that is wrong is told at once, and what was misspelt besides', () => {
  assert.deepEqual(outcomeOf(rule, report({ City: 'London', days: 0, unit: 'K' })), {
    decision: 'deny',
    problems: [
      'spec.days: Invalid value: 0: spec.days in body should be greater than or equal to 1',
      'spec.unit: Unsupported value: "K": supported values: "C", "F"',
      'spec.city: Required value',
    ],
    warnings: ['unknown field "spec.City"; did you mean "city"?'],
  });
});

test('an update is held to what it changes', () => {
  const old = report({ days: 0, unit: 'K', town: 'x' });
  const { decision, warnings } = outcomeOf(rule, report({ days: 0, unit: 'K', town: 'y' }), old) as never;
  assert.deepEqual([decision, warnings], ['allow', []]);
  assert.deepEqual(outcomeOf(rule, report({ days: -1, unit: 'K', town: 'x' }), old), {
    decision: 'deny',
    problems: ['spec.days: Invalid value: -1: spec.days in body should be greater than or equal to 1'],
  });
});

test('the object that other rules see is not changed', () => {
  const given = report({ city: 'London', days: null, town: 1 });
  const before = JSON.stringify(given);
  outcomeOf(rule, given);
  assert.equal(JSON.stringify(given), before);
});

test('a file is read as kubectl reads it, among other documents, as YAML or JSON', async (t) => {
  const words = JSON.stringify(crd('Switch'))
    .replace(',"default":"C"', '')
    .replace('"C","F"', 'on,off,12:30,2020-01-01');
  const folder = await folderOf(t, {
    'crd.yaml': `apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n---\n${words}\n---\n`,
    'crd.json': JSON.stringify(crd('Switch'), null, 2),
  });
  const supported = (file: string) =>
    outcomeOf(schemaRule(new URL(file, pathToFileURL(`${folder}/`))), report({ city: 'x', unit: 1 }));
  const told = (file: string) => JSON.stringify(supported(file)).replaceAll('\\', '');
  assert.match(told('crd.yaml'), /supported values: "true", "false", "12:30", "2020-01-01"/);
  assert.match(told('crd.json'), /supported values: "C", "F"/);
  assert.equal(kindOf(new URL('crd.json', pathToFileURL(`${folder}/`))).kind, 'Switch');
});
