import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { fakeApiServer } from '../cluster/fake-api-server.ts';
import { eventually } from '../e2e/eventually.ts';
import { folderOf, ruleFile } from '../load/rule-folder.ts';
import { portcullis, serving, starting } from './portcullis.ts';

const run = promisify(execFile);

test('one fault among many rules, and nothing starts: exit 2, every fault told, nobody listens, nothing is left', async (t) => {
  const folder = await folderOf(t, {
    'rules/a.ts': ruleFile('a'),
    'rules/b.ts': 'enum B {}',
    'rules/c.ts': ruleFile('C'),
    'rules/d.ts': "setInterval(() => {}, 1000);\nthrow new Error('d');",
    'portcullis.yaml': 'ruleFolders: [rules]\nrules: { git-sync: { settings: { images: x } } }\n',
  });
  const [port, healthPort] = [await freePort(), await freePort()];
  const ports = ['--port', String(port), '--health-port', String(healthPort)];
  const { code, stdout, stderr } = await portcullis(['serve', ...ports], { cwd: folder });
  assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
  assert.deepEqual(stderr.split('\n'), [
    'portcullis: cannot begin: 4 faults',
    "  rules/b.ts:1: an enum cannot be run: Node removes types and compiles nothing; write a constant instead: const Colour = { Red: 'red' } as const",
    '  rules/d.ts:2: it failed while it was loaded: Error: d',
    '  rules/c.ts:2: rule C: its name must be lower-case letters, digits and "-", beginning with a letter, 63 at most',
    '  portcullis.yaml:2: rules.git-sync.settings.images: unknown; did you mean image?',
    '',
  ]);
  assert.equal(existsSync(join(folder, '.portcullis')), false, 'not even a certificate is made');
  for (const closed of [port, healthPort]) await assert.rejects(connected(closed), { code: 'ECONNREFUSED' });
});

for (const flag of ['port', 'health-port']) {
  test(`refused, and ended: --${flag} of a port that is taken`, async (t) => {
    const folder = await folderOf(t, {});
    const taken = createServer().listen(0, '127.0.0.1');
    t.after(() => taken.close());
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port);
    const other = flag === 'port' ? 'health-port' : 'port';
    const { code, stderr } = await portcullis(['serve', `--${flag}`, port, `--${other}`, '0'], { cwd: folder });
    assert.equal(code, 2);
    assert.equal(
      stderr,
      `portcullis: cannot listen on port ${port}: something else listens there; choose another with --${flag}\n`,
    );
  });
}

test('refused: an address that this machine does not have', async (t) => {
  const folder = await folderOf(t, {});
  // 192.0.2.0/24 is for documentation (RFC 5737).
  const args = ['serve', '--host', '192.0.2.1', '--port', '0', '--health-port', '0'];
  const { code, stderr } = await portcullis(args, { cwd: folder });
  assert.equal(code, 2);
  assert.equal(
    stderr,
    'portcullis: cannot listen: this machine has no address 192.0.2.1; choose another with --host\n',
  );
});

test('a server that is told to end while rule files are loaded ends in good order, and does not begin to serve', async (t) => {
  const slow = "console.error('loading');\nawait new Promise((end) => process.once('SIGTERM', end));\n";
  const cwd = await folderOf(t, { 'rules/slow.ts': ruleFile('slow') + slow });
  const { child, said } = starting(t, ['--port', '0', '--health-port', '0', '--rules', 'rules'], { cwd });
  await eventually('it loads', async () => said.stderr.includes('loading') || undefined);
  child.kill('SIGTERM');
  assert.equal(await eventually('the end', async () => child.exitCode ?? undefined), 0);
  assert.ok(!said.stderr.includes('serves'), said.stderr);
});

test('a running server says what it serves, where, and what its rules are', async (t) => {
  const folder = await folderOf(t, {
    'portcullis.yaml': 'rules: { git-sync: { mode: warn } }',
    'r/a.ts': ruleFile('a'),
  });
  const { child, said } = await serving(t, ['--rules', 'r', '--drain-seconds', '0'], { cwd: folder });
  const { url, healthUrl, rules, ca } = said.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .find(({ msg }) => msg === 'serving');
  assert.match(
    said.stderr,
    new RegExp(`^Portcullis serves ${rules.length} rules on ${url} \\(health and metrics: ${healthUrl}\\)`),
  );
  assert.equal(rules[0], 'git-sync (warn)');
  assert.ok(rules.includes('git-sync-present (warn)'), rules);
  assert.equal(rules.at(-1), 'a');
  assert.equal(ca, join(folder, '.portcullis/ca.crt'));
  assert.doesNotMatch(said.stderr, /curl/, 'a rule that does not act has no patch to show');
  assert.equal((await fetch(`${healthUrl}/readyz`)).status, 200);
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('a new server is told what it does without: a cluster, unless there is one or nothing is looked up', async (t) => {
  const alone =
    /\nIt asks no cluster, so what needs websites\.extensions\.example\.com is refused; --kubeconfig names a cluster\.\n/;
  const folder = await folderOf(t, { 'off.yaml': 'rules: { git-sync: { mode: off } }' });
  assert.match((await serving(t, [], { cwd: folder })).said.stderr, alone);
  const api = await fakeApiServer(t);
  const within = await serving(t, ['--kubeconfig', api.kubeconfig], { cwd: folder });
  assert.doesNotMatch(within.said.stderr, /no cluster/);
  const without = await serving(t, ['--config', 'off.yaml'], { cwd: folder });
  assert.doesNotMatch(without.said.stderr, /no cluster/);
});

test('the line that a new server prints, pasted into a shell, shows the patch with git-sync', async (t) => {
  if (!(await run('curl', ['--version']).catch(() => undefined))) return t.skip('there is no curl on this machine');
  // A folder whose name a shell would take apart.
  const folder = join(await folderOf(t, { "it's here/.keep": '' }), "it's here");
  const { said } = await serving(t, ['--certs', join(folder, 'my certs')], { cwd: folder });
  const line = /\n( {2}curl [\s\S]*?)\n\n/.exec(said.stderr)?.[1];
  assert.ok(line !== undefined, said.stderr);
  const { stdout, stderr } = await pasted(line, folder);
  assert.equal(stderr, '');
  const patch = JSON.parse(stdout) as { op: string; path: string; value?: { name?: string }[] | { name?: string } }[];
  assert.ok(Array.isArray(patch));
  const names = patch.flatMap(({ value = [] }) => [value].flat().map(({ name }) => name));
  assert.ok(names.includes('git-sync'), stdout);
});

test('the same line is right for a server on IPv6', async (t) => {
  if (!(await run('curl', ['--version']).catch(() => undefined))) return t.skip('there is no curl on this machine');
  if (networkInterfaces().lo?.every(({ address }) => address !== '::1')) return t.skip('this machine has no IPv6');
  const folder = await folderOf(t, {});
  const { said } = await serving(t, ['--host', '::1'], { cwd: folder });
  const line = /\n( {2}curl [\s\S]*?)\n\n/.exec(said.stderr)?.[1] ?? '';
  assert.match(line, /'https:\/\/\[::1\]:\d+\/mutate\/git-sync\/label'/);
  assert.match((await pasted(line, folder)).stdout, /"git-sync"/);
});

function pasted(line: string, cwd: string): Promise<{ stdout: string; stderr: string }> {
  // The line calls node: the one that runs this.
  const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
  return run('bash', ['-c', line], { cwd, env: { ...process.env, PATH } });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function connected(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}
