import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Files, faultsIn, folderOf, load } from './rule-folder.ts';

const A = "import { schemaRule } from 'portcullis';\n\nexport const a = schemaRule(";
const ofFile = `${A}new URL('a.crd.yaml', import.meta.url));\n`;

/** A CRD as YAML, with members of its spec, or of its one version, in the place of those that are right. */
function crd(spec: object = {}, version: object = {}): string {
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } } };
  return JSON.stringify({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { kind: 'Book', plural: 'books' },
      versions: [{ name: 'v1', served: true, storage: true, schema, ...version }],
      ...spec,
    },
  });
}

const ofSchema = (schema: unknown) => crd({}, { schema: { openAPIV3Schema: schema } });
const AT = 'a.crd.yaml: spec.versions[0].schema.openAPIV3Schema';

/** What is wrong with a CRD (a.crd.yaml unless a rule file says otherwise), and what its rule's author is told of it. */
const cases: readonly { sentence: string; file?: string; rule?: string; told: readonly string[] }[] = [
  { sentence: 'no file', told: ['a.crd.yaml: there is no such file'] },
  {
    sentence: 'no YAML',
    file: 'kind: [',
    told: [
      'a.crd.yaml:1: this is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  },
  {
    sentence: 'YAML that refers to nothing',
    file: 'kind: *here',
    told: ['a.crd.yaml: this is not YAML: Unresolved alias (the anchor must be set before the alias): here'],
  },
  {
    sentence: 'no CRD',
    file: 'kind: Namespace',
    told: ['a.crd.yaml: it must hold one CustomResourceDefinition, and holds none'],
  },
  { sentence: 'nothing', file: '', told: ['a.crd.yaml: it must hold one CustomResourceDefinition, and holds none'] },
  {
    sentence: 'two CRDs',
    file: `${crd()}\n---\n${crd()}`,
    told: ['a.crd.yaml: it must hold one CustomResourceDefinition, and holds 2'],
  },
  {
    sentence: 'a CRD of an API that is gone',
    file: crd().replace('k8s.io/v1', 'k8s.io/v1beta1'),
    told: [
      'a.crd.yaml: apiVersion: it must be apiextensions.k8s.io/v1, where each of spec.versions has a schema of its own, not "apiextensions.k8s.io/v1beta1"',
    ],
  },
  {
    sentence: 'a CRD without what names it',
    file: crd({ group: '', scope: 'Namespace', names: {}, versions: [] }),
    told: [
      'a.crd.yaml: spec.group: it must be a text, like "books.example.com"',
      'a.crd.yaml: spec.names.kind: it must be a text, like "Book"',
      'a.crd.yaml: spec.names.plural: it must be a text, like "books"',
      'a.crd.yaml: spec.scope: it must be Namespaced or Cluster, not "Namespace"',
      'a.crd.yaml: spec.versions: there must be a version',
    ],
  },
  {
    sentence: 'a name that is not that of its kind, which no API server takes',
    file: crd().replace('"spec":', '"metadata":{"name":"book.example.com"},"spec":'),
    told: ['a.crd.yaml: metadata.name: it must be "books.example.com", by spec.names.plural and spec.group'],
  },
  {
    sentence: 'texts for what is true or false',
    file: crd({}, { served: 'false', storage: 'true' }),
    told: [
      'a.crd.yaml: spec.versions[0].served: it must be true or false, not "false"',
      'a.crd.yaml: spec.versions[0].storage: it must be true or false, not "true"',
    ],
  },
  {
    sentence: 'a version that does not say whether it is served',
    file: crd({}, { served: undefined }),
    told: ['a.crd.yaml: spec.versions[0].served: it must be true or false'],
  },
  {
    sentence: 'no version that is served',
    file: crd({}, { served: false }),
    told: ['a.crd.yaml: spec.versions: one must be served, or there are no objects to see'],
  },
  {
    sentence: 'another version than the one that is asked for',
    file: crd(),
    rule: `${A}new URL('a.crd.yaml', import.meta.url), { version: 'v2' });`,
    told: ['a.crd.yaml: spec.versions: there must be the version that is asked for, and served, not "v2"; served: v1'],
  },
  {
    sentence: 'no schema',
    file: crd({}, { schema: undefined }),
    told: [`${AT}: there must be a schema, or there is nothing to hold objects to`],
  },
  {
    sentence: 'a schema by a misspelt name',
    file: crd({}, { schema: { openApiV3Schema: { type: 'object' } } }),
    told: [`${AT}: there must be a schema, or there is nothing to hold objects to; not known: openApiV3Schema`],
  },
  {
    sentence: 'a schema that holds itself',
    file: crd({}, { schema: 'HERE' }).replace(
      '"HERE"',
      '{ openAPIV3Schema: &a { type: object, properties: { spec: *a } } }',
    ),
    told: ['a.crd.yaml: this is not YAML as kubectl reads it: an anchor is within itself'],
  },
  {
    sentence: 'constructs that no structural schema has',
    file: ofSchema({ type: 'object', properties: { a: { $ref: '#/x' }, b: { type: 'text' } } }),
    told: [
      `${AT}.properties.a.$ref: no structural schema has this keyword`,
      `${AT}.properties.a.type: must be there`,
      `${AT}.properties.b.type: must be one of object, array, string, integer, number, boolean`,
    ],
  },
  {
    sentence: 'defaults that are not what their schemas ask for',
    file: ofSchema({
      type: 'object',
      properties: {
        a: { type: 'integer', default: 'x' },
        b: {
          type: 'array',
          items: { type: 'object', properties: { c: { type: 'string', enum: ['d'], default: 'e' } } },
        },
        f: { type: 'integer', default: 0, minimum: 1 },
        g: { type: 'object', properties: { h: { type: 'string' } }, default: { h: 'i' } },
        j: { type: 'string', nullable: true, default: null },
      },
    }),
    told: [
      `${AT}.properties.a.default: Invalid value: "string": default in body must be of type integer: "string"`,
      `${AT}.properties.b.items.properties.c.default: Unsupported value: "e": supported values: "d"`,
      `${AT}.properties.f.default: Invalid value: 0: default in body should be greater than or equal to 1`,
    ],
  },
  {
    sentence: 'a literal at fault',
    rule: `${A}${crd({ scope: 'namespaced' })});`,
    told: ['the CRD: spec.scope: it must be Namespaced or Cluster, not "namespaced"'],
  },
  {
    sentence: 'a path in the place of a URL',
    rule: `${A}'a.crd.yaml');`,
    told: [
      "the CRD: it must be a CustomResourceDefinition, or a URL: name a file beside the rule, like new URL('book.crd.yaml', import.meta.url)",
    ],
  },
  {
    sentence: 'a URL of another machine',
    rule: `${A}new URL('https://example.com/a.crd.yaml'));`,
    told: [
      "a CRD is not read from https:: name a file beside the rule, like new URL('book.crd.yaml', import.meta.url)",
    ],
  },
];
for (const { sentence, file, rule = ofFile, told } of cases) {
  test(`refused, with file, path and remedy: ${sentence}`, async (t) => {
    const files: Files = { 'portcullis.yaml': '', 'a.js': rule, ...(file === undefined ? {} : { 'a.crd.yaml': file }) };
    const [fault = '', ...others] = await faultsIn(await folderOf(t, files));
    assert.deepEqual(others, []);
    assert.deepEqual(fault.split('\n'), [`a.js:3: it failed while it was loaded: Error: ${told[0]}`, ...told.slice(1)]);
  });
}

test('the kind of a CRD at fault is refused in the same words', async (t) => {
  const rule =
    "import { allow, kindOf, validatingRule } from 'portcullis';\nconst kind = kindOf(new URL('a.crd.yaml', import.meta.url));\n" +
    "export const a = validatingRule({ name: 'a', kind, operations: ['CREATE'], validate: () => allow() });";
  assert.deepEqual(await faultsIn(await folderOf(t, { 'portcullis.yaml': '', 'a.ts': rule })), [
    'a.ts:2: it failed while it was loaded: Error: a.crd.yaml: there is no such file',
  ]);
});

test('a rule made of a CRD and not exported is refused where it is made', async (t) => {
  const rule = `${ofFile}schemaRule(new URL('a.crd.yaml', import.meta.url), { name: 'b' });\n`;
  assert.deepEqual(await faultsIn(await folderOf(t, { 'portcullis.yaml': '', 'a.ts': rule, 'a.crd.yaml': crd() })), [
    'a.ts:4: rule b is made and not exported, so it would not be enforced: export it',
  ]);
});

test('two rules of one CRD are refused where they are made', async (t) => {
  const rule = `${ofFile}export { b } from './_b.ts';\n`;
  const files = {
    'portcullis.yaml': '',
    'a.ts': rule,
    '_b.ts': ofFile.replace('const a', 'const b'),
    'a.crd.yaml': crd(),
  };
  assert.deepEqual(await faultsIn(await folderOf(t, files)), [
    '_b.ts:3: rule book-schema: its name is taken (rule book-schema: a.ts:3)',
  ]);
});

test('names that an API server would not take are refused as those of any rule', async (t) => {
  const names = { kind: 'book', plural: 'Books' };
  const [fault = '', ...others] = await faultsIn(
    await folderOf(t, { 'portcullis.yaml': '', 'a.ts': ofFile, 'a.crd.yaml': crd({ names }) }),
  );
  assert.match(fault, /^a\.ts:3: rule book-schema: its kind has the kind "book"; it must be like "Pod"/);
  assert.match(others.join('\n'), /has the resource "Books"/);
});

test('a CRD beside a rule is found where both are symbolic links, as in a ConfigMap', async (t) => {
  const folder = await folderOf(t, {
    'portcullis.yaml': '',
    'real/a.ts': ofFile,
    'real/a.crd.yaml': crd(),
    'rules/readme.md': '',
  });
  for (const name of ['a.ts', 'a.crd.yaml']) await symlink(`../real/${name}`, join(folder, 'rules', name));
  const { rules } = await load(folder, { rules: ['rules'] });
  assert.deepEqual(
    rules.map(({ rule }) => rule.name),
    ['book-schema'],
  );
});
