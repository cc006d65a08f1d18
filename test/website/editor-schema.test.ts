import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { websiteSchema } from '../../rules/website/crd.ts';
import { Website } from '../../rules/website/website.ts';
import { compileSchema } from '../../schema/compile-schema.ts';
import { editorSchema } from '../../schema/editor-schema.ts';
import { apiVersionOf } from '../../webhook/kind.ts';

const published = new URL('../../website.schema.json', import.meta.url);
const example = new URL('../../examples/kubia.yaml', import.meta.url);
const schema = editorSchema(apiVersionOf(Website), Website.kind, websiteSchema);
const ajv = new Ajv({ allErrors: true, strict: true, formats: { 'date-time': true } });
const validate = ajv.compile(schema);
const asApiServer = compileSchema(websiteSchema);

test('website.schema.json is what the CRD’s schema is to an editor (UPDATE=1 writes it anew)', () => {
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (process.env.UPDATE === '1') writeFileSync(published, text);
  assert.equal(readFileSync(published, 'utf8'), text, 'UPDATE=1 node --test test/website/editor-schema.test.ts');
});

test('it is valid draft-07', () => {
  assert.equal(schema.$schema, 'http://json-schema.org/draft-07/schema#');
  assert.equal(ajv.validateSchema(schema), true, ajv.errorsText());
});

test('the package brings it along', () => {
  assert.equal(import.meta.resolve('portcullis/website.schema.json'), published.href);
  const { files } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  assert.ok(files.includes('website.schema.json'));
});

test('the example names it in its first line, and an editor underlines nothing', () => {
  const text = readFileSync(example, 'utf8');
  const [, named = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
  assert.equal(new URL(named, example).href, published.href);
  assert.equal(validate(parse(text)), true, JSON.stringify(validate.errors));
});

/** The example with something changed, and the places that an editor underlines. */
const underlined: readonly [sentence: string, change: (text: string) => string, places: readonly string[]][] = [
  ['a misspelt gitRepo, and that there is none', (text) => text.replace('gitRepo', 'gitrepo'), ['/spec', '/spec']],
  ['a misspelt spec, and that there is none', (text) => text.replace('spec:', 'sepc:'), ['', '']],
  ['a field that there is none of', added('branch: main'), ['/spec']],
  ['a misspelt field below another', added('credentials: { secretName: a, secret: b }'), ['/spec/credentials']],
  ['a Secret without a name', added('credentials: {}'), ['/spec/credentials']],
  ['a choice that there is none of', added('submodules: all'), ['/spec/submodules']],
  ['the boolean that YAML 1.1 makes of off', added('submodules: false'), ['/spec/submodules', '/spec/submodules']],
  ['a number below its bound', added('depth: -1'), ['/spec/depth']],
  ['a number for a duration', added('period: 60'), ['/spec/period']],
  ['another kind', (text) => text.replace('kind: Website', 'kind: website'), ['/kind']],
  ['another version', (text) => text.replace('com/v1', 'com/v2'), ['/apiVersion']],
  ['no metadata', (text) => text.replace(/metadata:\n.*\n/, ''), ['']],
  ['nothing, of labels and what else metadata may hold', (text) => text.replace('name:', 'labels: {}\n  name:'), []],
  ['nothing, of all that there is', added('ref: v1\n  period: 5m\n  depth: 0\n  submodules: shallow'), []],
];

for (const [sentence, change, places] of underlined) {
  test(`an editor sees ${sentence}`, () => {
    const text = readFileSync(example, 'utf8');
    assert.notEqual(change(text), text);
    validate(parse(change(text)));
    assert.deepEqual(
      (validate.errors ?? []).map(({ instancePath }) => instancePath),
      places,
    );
  });
}

test('an editor that fills in the defaults fills in those of the API server', () => {
  const website = parse(readFileSync(example, 'utf8'));
  new Ajv({ useDefaults: true, formats: { 'date-time': true } }).compile(schema)(website);
  const { gitRepo } = website.spec;
  assert.deepEqual(website.spec, { gitRepo, ref: 'HEAD', period: '60s', depth: 1, submodules: 'off' });
});

/** Bounds of every sort that the schema has: a value just inside, and one just outside. */
const bounds: readonly [inside: object, outside: object][] = [
  [{ ref: 'a'.repeat(255) }, { ref: 'a'.repeat(256) }],
  [{ depth: 0 }, { depth: -1 }],
  [{ depth: 2147483647 }, { depth: 2147483648 }],
  [{ depth: 1.0 }, { depth: 1.5 }],
  [{ submodules: 'recursive' }, { submodules: 'deep' }],
  [{ credentials: { secretName: 'a.b' } }, { credentials: { secretName: 'A' } }],
  [{ credentials: { secretName: 'a' } }, { credentials: { secretName: '' } }],
];

for (const [inside, outside] of bounds) {
  test(`an editor and an API server agree on ${JSON.stringify(inside)} and ${JSON.stringify(outside).slice(0, 60)}`, () => {
    for (const [spec, isRight] of [
      [inside, true],
      [outside, false],
    ]) {
      const website = {
        ...parse(readFileSync(example, 'utf8')),
        spec: { gitRepo: 'https://h/r', ...(spec as object) },
      };
      assert.deepEqual([validate(website), asApiServer(website).length === 0], [isRight, isRight]);
    }
  });
}

test('exclusive bounds are numbers in draft-07', () => {
  const of = { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 1, exclusiveMaximum: true } as const;
  const { properties } = editorSchema('a/v1', 'A', {
    type: 'object',
    properties: { of, at: { ...of, exclusiveMaximum: false } },
  });
  assert.deepEqual(properties, {
    ...(properties as object),
    of: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
    at: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
  });
});

test('a format that means another thing in draft-07 is left out', () => {
  const duration = { type: 'string', format: 'duration' } as const;
  const { properties } = editorSchema('a/v1', 'A', { type: 'object', properties: { duration } });
  assert.deepEqual((properties as { duration: unknown }).duration, { type: 'string' });
});

test('a keyword that cannot be honoured is refused by its place', () => {
  const list = { type: 'array', items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } as const;
  assert.throws(() => editorSchema('a/v1', 'A', { type: 'object', properties: { list } }), {
    message:
      "schema.properties.list.items.x-kubernetes-preserve-unknown-fields: there is no such keyword in an editor's schema",
  });
});

function added(line: string): (text: string) => string {
  return (text) => `${text.trimEnd()}\n  ${line}\n`;
}
