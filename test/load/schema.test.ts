import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { configFrom } from '../../cli/config.ts';
import { configSchema } from '../../cli/config-schema.ts';
import { loadRules } from '../../cli/load.ts';
import { builtInRules } from '../../rules/index.ts';

const published = new URL('../../portcullis.schema.json', import.meta.url);
const example = new URL('../../examples/portcullis.yaml', import.meta.url);
const schema = configSchema(builtInRules);

test('portcullis.schema.json is the schema that the configuration is held to (UPDATE=1 writes it anew)', () => {
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (process.env.UPDATE === '1') writeFileSync(published, text);
  assert.equal(readFileSync(published, 'utf8'), text, 'UPDATE=1 node --test test/load/schema.test.ts');
});

test('the schema is valid draft-07, and every default is valid under it', () => {
  const ajv = new Ajv({ strict: true, strictTypes: false, allowUnionTypes: false });
  assert.equal(ajv.validateSchema(schema), true, ajv.errorsText());
  assert.equal(schema.$schema, 'http://json-schema.org/draft-07/schema#');
  const validate = new Ajv({ useDefaults: true, strict: true, strictTypes: false }).compile(schema);
  // Every section is there, so that every default is filled in.
  const all = {
    server: {},
    certificate: {},
    rules: Object.fromEntries(builtInRules.map(({ name }) => [name, { settings: {} }])),
  };
  assert.equal(validate(all), true, JSON.stringify(validate.errors));
  assert.deepEqual(all.server, {
    host: '127.0.0.1',
    port: 8443,
    healthPort: 8081,
    drainSeconds: 10,
    isolation: 'loaded',
    logLevel: 'info',
  });
});

test('what the schema tells an editor to be the default is what holds', () => {
  const defaults: { [name: string]: unknown } = { server: {}, certificate: {}, cluster: {} };
  new Ajv({ useDefaults: true, strict: false }).compile(schema)(defaults);
  const { server = {}, certificate = {}, cluster } = defaults as Record<string, Record<string, unknown>>;
  const config = configFrom({ words: [], flags: { config: ['/dev/null'] } }, {});
  assert.deepEqual(
    { host: config.host, port: config.port, healthPort: config.healthPort, drainSeconds: config.drainSeconds },
    { host: server.host, port: server.port, healthPort: server.healthPort, drainSeconds: server.drainSeconds },
  );
  assert.equal(config.logLevel, server.logLevel);
  assert.equal(config.domain, defaults.domain);
  assert.equal(config.namespace, defaults.namespace);
  assert.deepEqual(config.ignoredNamespaces, [...(defaults.ignoredNamespaces as string[]), config.namespace]);
  assert.deepEqual(
    { ...config.certificate, names: undefined, folder: undefined },
    { ...certificate, names: undefined, folder: undefined },
  );
  assert.ok(config.certificate.folder.endsWith(`/${certificate.folder}`), config.certificate.folder);
  assert.deepEqual(config.cluster, cluster);
});

const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);

/** Configurations, and the places where an editor underlines them. */
const underlined: readonly [sentence: string, yaml: string, places: readonly string[]][] = [
  ['nothing', '{}', []],
  ['a rule of the platform team, with any settings', 'rules: { own: { mode: off, settings: { a: [1] } } }', []],
  [
    'a misspelt setting of a built-in rule',
    'rules: { git-sync: { settings: { images: x } } }',
    ['/rules/git-sync/settings'],
  ],
  ['no user at all, as OpenShift wants it', 'rules: { git-sync: { settings: { runAsUser: null } } }', []],
  [
    'null where it is no value',
    'rules: { git-sync: { settings: { image: null } } }',
    ['/rules/git-sync/settings/image'],
  ],
  ['a mode that there is none of', 'rules: { own: { mode: on } }', ['/rules/own/mode']],
  ['a misspelt section', 'servers: {}', ['']],
];

for (const [sentence, yaml, places] of underlined) {
  test(`an editor with the schema sees: ${sentence}`, () => {
    validate(parse(yaml));
    assert.deepEqual(
      (validate.errors ?? []).map(({ instancePath }) => instancePath),
      places,
    );
  });
}

test('the example is valid under the schema that its first line names, and loads', async () => {
  const text = readFileSync(example, 'utf8');
  const [, named = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
  assert.equal(new URL(named, example).href, published.href);
  assert.equal(validate(parse(text)), true, JSON.stringify(validate.errors));
  const config = configFrom({ words: [], flags: { config: [fileURLToPath(example)] } }, {});
  const { rules } = await loadRules(builtInRules, config);
  assert.ok(rules.some(({ rule, mode }) => rule.name === 'image-tag' && mode === 'warn'));
  assert.ok(!rules.some(({ rule }) => rule.name === 'downward-api'));
});
