import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Status } from '../../cli/status-report.ts';
import { freePorts } from '../e2e/free-ports.ts';
import { folderOf } from '../load/rule-folder.ts';
import { portcullis, type Serving, serving } from './portcullis.ts';

const NOWHERE = { KUBECONFIG: '', HOME: '/nonexistent', KUBERNETES_SERVICE_HOST: '' };

test('beside a server that was just started, status says that all is well, and to a program the same as JSON', async (t) => {
  const cwd = await folderOf(t, {});
  const how = { cwd, environment: NOWHERE };
  const { port } = healthOf(await serving(t, [], how));
  await writeFile(join(cwd, 'portcullis.yaml'), `server: { healthPort: ${port} }`);
  const { code, stdout, stderr } = await portcullis(['status'], how);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.match(stdout, new RegExp(`^Portcullis \\S+ at http://127\\.0\\.0\\.1:${port}: all is well\\n`));
  assert.match(stdout, /\nregistered {3}no cluster is asked\n/);
  const status: Status = JSON.parse((await portcullis(['status', '--format', 'json'], how)).stdout);
  assert.deepEqual([status.version, status.ready, status.problems], [1, true, []]);
  assert.equal(status.certificate?.mode, 'dev');
  assert.deepEqual(
    status.authorities.map(({ role }) => role),
    ['signing'],
  );

  // By a variable, as in a pod.
  const elsewhere = { cwd: await folderOf(t, {}), environment: { ...NOWHERE, PORTCULLIS_HEALTH_PORT: `${port}` } };
  assert.equal((await portcullis(['status'], elsewhere)).code, 0);
  const text = await (await fetch(`http://127.0.0.1:${port}/status`)).text();
  for (const file of ['ca.key', 'tls.key']) {
    const key = await readFile(join(cwd, '.portcullis', file), 'utf8');
    for (const line of key.split('\n').filter(({ length }) => length > 30)) assert.ok(!text.includes(line), file);
  }
  assert.doesNotMatch(text, /PRIVATE|BEGIN/);
});

test('where something is wrong, the exit code is 1', async (t) => {
  const problems = ['nothing is registered: nobody is asked'];
  const url = await answering(t, 200, JSON.stringify({ ...EMPTY, problems }));
  const { code, stdout } = await portcullis(['status', '--url', `${url}/`]);
  assert.equal(code, 1);
  assert.equal(stdout.split('\n')[1], `  - ${problems}`);
});

test('who is no Portcullis, or a later one, is not taken for one that is well', async (t) => {
  for (const [answer, said] of [
    [await answering(t, 404, 'nothing'), /it answers with 404/],
    [await answering(t, 200, '<html>'), /is no status of a version that this one knows/],
    [await answering(t, 200, 'null'), /is no status of a version that this one knows/],
    [
      await answering(t, 200, JSON.stringify({ ...EMPTY, version: 2 })),
      /is no status of a version that this one knows/,
    ],
    [await answering(t, 302, '', { location: 'http://127.0.0.1:1/' }), /cannot be asked/],
  ] as const) {
    const { code, stdout, stderr } = await portcullis(['status', '--url', answer]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, said);
  }
});

test('nobody there: the exit code is 2, and it says what was asked and how to ask another', async () => {
  const [port] = await freePorts(1);
  const { code, stderr } = await portcullis(['status', '--url', `http://127.0.0.1:${port}`]);
  assert.equal(code, 2);
  const asked = `portcullis: http://127.0.0.1:${port}/status cannot be asked: ECONNREFUSED.`;
  assert.equal(stderr, `${asked} Does a server run there? --url names another\n`);
});

for (const [sentence, args, said] of [
  ['a word too many', ['now'], /status takes no "now"/],
  ['a URL that is none', ['--url', 'here'], /--url must be like http:\/\/127\.0\.0\.1:8081/],
  ['another protocol', ['--url', 'file:///etc/passwd'], /--url must be like/],
  ['a format that there is not', ['--format', 'yaml'], /--format must be text or json, not "yaml"/],
] as const) {
  test(`refused: ${sentence}`, async () => {
    const { code, stderr } = await portcullis(['status', ...args]);
    assert.equal(code, 2);
    assert.match(stderr, said);
  });
}

function healthOf({ said }: Serving): URL {
  const line = said.stdout.split('\n').find((text) => text.includes('"msg":"serving"')) ?? '';
  return new URL(JSON.parse(line).healthUrl);
}

const EMPTY: Status = {
  version: 1,
  time: new Date(0).toISOString(),
  portcullis: '1',
  ready: true,
  problems: [],
  rules: { sha256: '', inForce: [] },
  authorities: [],
  registration: { asked: false, configurations: [], mend: [] },
  lookups: [],
};

/** The URL of a server that answers every request so. */
async function answering(t: TestContext, code: number, body: string, headers = {}): Promise<string> {
  const server = createServer((_, response) => response.writeHead(code, headers).end(body));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
