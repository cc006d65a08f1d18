import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Script } from 'node:vm';
import { portcullis } from './portcullis.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

for (const flag of ['--help', '-h', 'help']) {
  test(`portcullis ${flag} names every command, and what a first user needs`, async () => {
    const { code, stdout, stderr } = await portcullis([flag]);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    for (const text of [
      'serve',
      'status',
      'new rule',
      'replay',
      'manifests server',
      'manifests webhooks',
      'manifests crd',
      '--version',
      'PORTCULLIS_',
      'portcullis.yaml',
    ]) {
      assert.ok(stdout.includes(text), text);
    }
  });
}

test('portcullis alone says the same, and that nothing was done', async () => {
  const [alone, helped] = await Promise.all([portcullis([]), portcullis(['--help'])]);
  assert.deepEqual(alone, { code: 2, stdout: '', stderr: helped.stdout });
});

const COMMON = ['config', 'rules', 'namespace', 'certificate', 'registration', 'cluster-access'];

const helped: readonly [command: string, flags: readonly string[]][] = [
  [
    'serve',
    [
      ...COMMON,
      'host',
      'port',
      'health-port',
      'certs',
      'dns-name',
      'kubeconfig',
      'client-ca',
      'client-name',
      'drain-seconds',
      'isolation',
      'log-level',
      'help',
    ],
  ],
  ['status', ['url', 'config', 'help']],
  ['new', ['kind', 'validating', 'mutating', 'folder', 'config', 'help']],
  ['manifests', [...COMMON, 'client-ca', 'client-name', 'image', 'url', 'ca-bundle', 'kube-version', 'help']],
];

for (const [command, flags] of helped) {
  test(`portcullis ${command} --help tells every flag with its default, and does nothing`, async () => {
    const { code, stdout, stderr } = await portcullis([command, '--help']);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.deepEqual(
      [...stdout.matchAll(/^ {2}--([a-z-]+) /gm)].map(([, flag]) => flag),
      flags,
    );
    for (const line of stdout.split('\n')) assert.ok(line.length <= 120, line);
  });
}

for (const flag of ['--version', '-v']) {
  test(`portcullis ${flag} tells its own version and Node's`, async () => {
    const expected = `portcullis ${version} (Node ${process.versions.node})\n`;
    assert.deepEqual(await portcullis([flag]), { code: 0, stdout: expected, stderr: '' });
  });
}

const refused: readonly [args: readonly string[], message: string][] = [
  [['serv'], 'there is no command "serv"; did you mean serve?'],
  [['toString'], 'there is no command "toString"; known: serve, status, new, replay, check, certs, manifests'],
  [['serve', 'now'], 'serve takes no "now"; see portcullis serve --help'],
  [['serve', '--prot', '1'], 'there is no flag --prot; did you mean --port?'],
  [['serve', '--port', '1', '--port', '2'], '--port is given more than once'],
  [['serve', '--port', 'https'], '--port must be a whole number from 0 to 65535, not "https"'],
  [['serve', '--host', ''], '--host needs a value: --host ADDRESS'],
  [['serve', '--config', 'not-there.yaml'], 'cannot begin: one fault\n  not-there.yaml: there is no such file'],
  [['manifests'], 'say which manifests: server, webhooks or crd'],
  [['manifests', 'webhook'], 'there are no manifests "webhook": server, webhooks or crd'],
  [['manifests', 'crd', 'webhooks'], 'manifests prints one thing at a time, not "crd webhooks"'],
];

for (const [args, message] of refused) {
  test(`refused: portcullis ${args.map((arg) => arg || "''").join(' ')}`, async () => {
    assert.deepEqual(await portcullis(args), { code: 2, stdout: '', stderr: `portcullis: ${message}\n` });
  });
}

test('an old Node is told what to do, before it meets anything that it cannot read', async () => {
  const old = "data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '20.20.2' })";
  const { code, stdout, stderr } = await portcullis(['serve'], { node: ['--import', old] });
  assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
  assert.match(stderr, /^portcullis needs Node 24 or later, and this is Node 20\.20\.2\.\nIn a project: npm install /);
  assert.equal(stderr.split('\n').length, 4);
});

test('the guard has nothing that only a newer Node could read', () => {
  const source = readFileSync(new URL('../../cli/portcullis.js', import.meta.url), 'utf8');
  const said: string[] = [];
  const process = { versions: { node: '12.22.12' }, exitCode: 0 };
  // As a script, it may neither import nor await at its top level.
  const script = new Script(source.replaceAll('import.meta.url', "''"));
  script.runInNewContext({ process, console: { error: (text: string) => said.push(text) } });
  assert.equal(process.exitCode, 2);
  assert.match(said.join(), /this is Node 12\.22\.12/);
  assert.doesNotMatch(source, /\?\.[a-z(]|\?\?|\|\|=/, 'operators of Node 14 and later');
});
