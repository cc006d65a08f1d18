import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { issueCertificateAuthority } from '../../certs/issue.ts';
import { folderOf, ruleFile } from '../load/rule-folder.ts';
import { type Printed, printed } from '../manifests/printed.ts';
import { portcullis } from './portcullis.ts';

const webhooks = (args: readonly string[], how?: Parameters<typeof printed>[1]) => printed(['webhooks', ...args], how);

test('manifests webhooks prints both configurations, for a Service, and nothing that something else injects', async () => {
  const [mutating, validating, ...more] = await webhooks([]);
  assert.deepEqual(more, []);
  assert.equal(mutating.kind, 'MutatingWebhookConfiguration');
  assert.equal(validating.kind, 'ValidatingWebhookConfiguration');
  for (const { clientConfig } of [...mutating.webhooks, ...validating.webhooks]) {
    assert.deepEqual(Object.keys(clientConfig), ['service']);
    const { name, namespace, port } = clientConfig.service;
    assert.deepEqual({ name, namespace, port }, { name: 'portcullis', namespace: 'portcullis-system', port: 443 });
  }
});

test('what is printed has no anchors: kubectl reads it, and so does everybody', async () => {
  const { stdout } = await portcullis(['manifests', 'webhooks']);
  assert.doesNotMatch(stdout, /[&*][a-z]\d/);
});

test('rules of a folder, and modes of a configuration, are in what is printed', async (t) => {
  const folder = await folderOf(t, {
    'rules/a.ts': ruleFile('a', "webhook: 'own'"),
    'portcullis.yaml': [
      'ruleFolders: [rules]',
      'namespace: gate',
      'domain: hooks.example.org',
      'rules: { git-sync: { mode: off }, downward-api: { mode: off } }',
    ].join('\n'),
  });
  const configurations = await webhooks([], { cwd: folder });
  assert.deepEqual(
    configurations.map(({ kind, webhooks }) => [kind, webhooks.length > 0]),
    [
      ['MutatingWebhookConfiguration', false],
      ['ValidatingWebhookConfiguration', true],
    ],
  );
  const names = configurations[1].webhooks.map(({ name }: Printed) => name);
  assert.ok(names.includes('own.hooks.example.org'), names);
  assert.doesNotMatch(names.join(), /git-sync|downward-api/, 'who follows a rule that is off is off');
  const own = configurations[1].webhooks.find(({ name }: Printed) => name === 'own.hooks.example.org');
  assert.equal(own.clientConfig.service.namespace, 'gate');
  assert.ok(own.namespaceSelector.matchExpressions[0].values.includes('gate'));
});

test('texts that YAML 1.1 or 1.2 has another meaning for are texts to kubectl too, which reads some of either', async (t) => {
  const values = ['off', 'no', 'Yes', 'y', '0x10', '012', '0o12', '1e3', 'null', 'true', ''];
  const expression = JSON.stringify({ key: 'on', operator: 'In', values });
  const rule = ruleFile(
    'a',
    `webhook: 'own', selectors: { x: { objectSelector: { matchExpressions: [${expression}] } } }`,
  );
  const folder = await folderOf(t, { 'a.ts': rule });
  const { stdout } = await portcullis(['manifests', 'webhooks', '--rules', folder]);
  for (const version of ['1.1', '1.2'] as const) {
    const [, validating] = parseAllDocuments(stdout, { version }).map((document): Printed => document.toJS());
    const own = validating.webhooks.find(({ name }: Printed) => name.startsWith('x.own.'));
    assert.deepEqual(own.objectSelector.matchExpressions, [JSON.parse(expression)], `as YAML ${version}`);
  }
});

test('--url and --ca-bundle point API servers at a server on this machine', async (t) => {
  const { cert } = await issueCertificateAuthority({ days: 1, now: new Date() });
  const { cert: other } = await issueCertificateAuthority({ days: 1, now: new Date() });
  const revoked = cert.replaceAll('CERTIFICATE', 'X509 CRL');
  const folder = await folderOf(t, { 'ca.crt': `bag attributes\n${cert}subject=another\n${other}its end\n${revoked}` });
  const [mutating] = await webhooks(['--url', 'https://127.0.0.1:8443/', '--ca-bundle', join(folder, 'ca.crt')]);
  const { url, caBundle, service } = mutating.webhooks[0].clientConfig;
  assert.equal(url, 'https://127.0.0.1:8443/mutate/git-sync/label');
  assert.equal(service, undefined);
  assert.equal(Buffer.from(caBundle, 'base64').toString(), cert + other, 'the certificates and nothing else');
});

test('PORTCULLIS_URL is --url', async () => {
  const [mutating] = await webhooks([], { environment: { PORTCULLIS_URL: 'https://gate.example.org/hooks' } });
  assert.equal(mutating.webhooks[0].clientConfig.url, 'https://gate.example.org/hooks/mutate/git-sync/label');
});

for (const url of [
  'http://127.0.0.1:8443',
  '127.0.0.1:8443',
  'https://',
  'https://user@host',
  'https://user:word@host',
  'https://host/?',
  'https://host/?a=b',
  'https://host/#',
  'ftp://host',
]) {
  test(`refused: --url ${url}`, async () => {
    assert.deepEqual(await portcullis(['manifests', 'webhooks', '--url', url]), {
      code: 2,
      stdout: '',
      stderr: 'portcullis: --url must be like https://HOST:PORT, without user, query or fragment\n',
    });
  });
}

test('refused: a --ca-bundle that is not there, holds a key, or holds no certificate', async (t) => {
  const { cert, key } = await issueCertificateAuthority({ days: 1, now: new Date() });
  const folder = await folderOf(t, {
    both: cert + key,
    none: 'not PEM\n',
    damaged: cert + cert.replace(/(CERTIFICATE-----\n).{20}/, '$1'),
    cut: cert.slice(0, 200),
  });
  const said = async (name: string) => {
    const args = ['manifests', 'webhooks', '--ca-bundle', join(folder, name)];
    const { code, stdout, stderr } = await portcullis(args);
    assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
    return stderr.trim().replace(`${folder}/`, '');
  };
  assert.equal(await said('missing'), 'portcullis: --ca-bundle missing: there is no such file');
  assert.equal(await said('both'), "portcullis: --ca-bundle both holds a private key; give the CA's certificate");
  assert.equal(await said('none'), 'portcullis: --ca-bundle none holds no PEM certificate');
  assert.equal(await said('damaged'), 'portcullis: --ca-bundle damaged: certificate 2 of 2 cannot be decoded');
  assert.equal(await said('cut'), 'portcullis: --ca-bundle cut: certificate 1 of 1 cannot be decoded');
});

const versions: readonly [given: string, hasConditions: boolean | 'refused'][] = [
  ['1.36', true],
  ['1.28', true],
  ['v1.28.3+k3s1', true],
  ['1.27', false],
  ['v1.27.16', false],
  ['1.20', false],
  ['1.37', true],
  ['1.19', 'refused'],
  ['2.0', 'refused'],
  ['1', 'refused'],
  ['latest', 'refused'],
  ['1.28beta', 'refused'],
];

for (const [version, expected] of versions) {
  const what = expected === 'refused' ? 'refused' : expected ? 'knows match conditions' : 'knows none';
  test(`--kube-version ${version}: ${what}`, async (t) => {
    const rule = ruleFile('a', "webhook: 'own', matchConditions: [{ name: 'x', expression: 'true' }]");
    const folder = await folderOf(t, { 'a.ts': rule });
    const args = ['--rules', folder, '--kube-version', version];
    if (expected === 'refused') {
      const stderr = `portcullis: --kube-version must be like 1.28, and 1.20 or later, not "${version}"\n`;
      assert.deepEqual(await portcullis(['manifests', 'webhooks', ...args]), { code: 2, stdout: '', stderr });
      return;
    }
    const [, validating] = await webhooks(args);
    const own = validating.webhooks.find(({ name }: Printed) => name.startsWith('own.'));
    assert.deepEqual(own.matchConditions, expected ? [{ name: 'x', expression: 'true' }] : undefined);
  });
}

test('nothing is printed while anything is at fault', async (t) => {
  const folder = await folderOf(t, { 'a.ts': ruleFile('A'), 'b.ts': "throw new Error('b')" });
  const { code, stdout, stderr } = await portcullis(['manifests', 'webhooks', '--rules', folder]);
  assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
  assert.match(stderr, /^portcullis: cannot begin: 2 faults\n {2}\S+b\.ts:1: .*\n {2}\S+a\.ts:2: rule A: .*\n$/);
});

test('where no rule is in force both configurations are empty, so that nobody is asked, and that is said', async (t) => {
  const { builtInRules } = await import('../../rules/index.ts');
  const off = builtInRules.map(({ name }) => `  ${name}: { mode: off }`);
  const folder = await folderOf(t, { 'portcullis.yaml': `rules:\n${off.join('\n')}\n` });
  const { code, stdout, stderr } = await portcullis(['manifests', 'webhooks'], { cwd: folder });
  assert.deepEqual(
    { code, stderr },
    { code: 0, stderr: 'portcullis: no rule is in force: both configurations are empty, so that nobody is asked\n' },
  );
  assert.deepEqual(
    parseAllDocuments(stdout).map((document) => document.toJS().webhooks),
    [[], []],
  );
});
