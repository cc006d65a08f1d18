import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fakeApiServer, refuse } from '../cluster/fake-api-server.ts';
import { eventually } from '../e2e/eventually.ts';
import { freePorts } from '../e2e/free-ports.ts';
import { pod, textOf } from '../engine/reviewed.ts';
import { folderOf } from '../load/rule-folder.ts';
import { post } from '../server/client.ts';
import { NOWHERE, portcullis, serving, starting } from './portcullis.ts';

/** A rule that looks up the Thing that a Pod names. */
const RULE = [
  "import { allow, deny, kind, Pod, validatingRule } from 'portcullis';",
  "const Thing = kind({ group: 'test.example.com', version: 'v1', kind: 'Thing', resource: 'things', scope: 'Namespaced' });",
  'export const known = validatingRule({',
  "  name: 'known', kind: Pod, operations: ['CREATE'],",
  '  lookups: { thing: { kind: Thing, name: (pod) => pod.metadata.labels?.thing } },',
  "  validate: (pod, { found }) => (found.thing ? allow() : deny('no such thing')),",
  '});',
].join('\n');

/** The same where the rule can do without, and says what it is told of the API server. */
const OPTIONAL = RULE.replace('{ kind: Thing, ', '{ kind: Thing, optional: true, ').replace(
  /validate: .*/,
  `validate(pod, { found, kubeVersion }) {
    const isWrong = pod.metadata.labels?.thing !== undefined && found.thing === undefined;
    return isWrong ? deny('no such thing') : allow(\`on \${JSON.stringify(kubeVersion ?? 'no version')}\`);
  },`,
);

const NO_SERVER =
  'portcullis: No API server is known. Looked for the service account of a pod (KUBERNETES_SERVICE_HOST is not set), ' +
  'for $KUBECONFIG (not set), and for /nonexistent/.kube/config (not there). Name a kubeconfig with --kubeconfig.\n';

for (const [sentence, args] of [
  ['certificate mode self', ['--certificate', 'self']],
  ['a rule with lookups', ['--rules', 'rules']],
] as const) {
  test(`refused where no API server is known: ${sentence}`, async (t) => {
    const cwd = await folderOf(t, { 'rules/known.ts': RULE });
    const { code, stderr } = await portcullis(['serve', '--port', '0', '--health-port', '0', ...args], {
      cwd,
      environment: NOWHERE,
    });
    assert.deepEqual({ code, stderr }, { code: 2, stderr: NO_SERVER });
  });
}

test('refused: files without a certificate in them, with what would be right', async (t) => {
  const cwd = await folderOf(t, { 'tls.crt': '', 'tls.key': '' });
  const args = ['serve', '--certificate', 'files', '--certs', '.', '--port', '0', '--health-port', '0'];
  const { code, stderr } = await portcullis(args, { cwd });
  assert.equal(code, 2);
  assert.match(stderr, /^portcullis: The certificate in .* cannot be served: tls.crt is empty.*It needs tls.crt \(PEM/);
});

for (const [sentence, config] of [
  ['where no rule looks anything up', 'rules: { git-sync: { mode: off } }'],
  ['where the configuration forbids it, and rules can do without', 'cluster: { access: none }'],
] as const) {
  test(`nobody is asked ${sentence}, whatever kubeconfig there is`, async (t) => {
    const api = await fakeApiServer(t);
    const cwd = await folderOf(t, { 'portcullis.yaml': config });
    const { said } = await serving(t, [], { cwd, environment: { KUBECONFIG: api.kubeconfig } });
    const { healthUrl } = await asking(said, cwd);
    assert.equal((await fetch(`${healthUrl}/readyz`)).status, 200);
    assert.deepEqual([api.asked, api.connections()], [[], 0]);
  });
}

test('until what rules look up was listed once, the server is not ready, and their reviews fail', async (t) => {
  const api = await fakeApiServer(t);
  const cwd = await folderOf(t, { 'rules/known.ts': RULE });
  const permitted = api.instead('list', (_, response) => refuse(response, 403, { message: 'not you' }), Infinity);
  const { child, said } = await serving(
    t,
    ['--rules', 'rules', '--kubeconfig', api.kubeconfig, '--drain-seconds', '0'],
    { cwd },
  );
  const { healthUrl, decided } = await asking(said, cwd);
  const unready = await eventually('the reason', async () => {
    const { message } = (await (await fetch(`${healthUrl}/readyz`)).json()) as { message: string };
    // Others have nobody to wait for, once the API server has said that it has none, and which version it is.
    return message.includes('not you') && !/version yet|websites/.test(message) ? message : undefined;
  });
  assert.equal(
    unready,
    'not ready: things.test.example.com have not been listed yet: GET /apis/test.example.com/v1/things: not you (403)',
  );
  const { kind, code, message } = await decided('a');
  assert.deepEqual([kind, code], ['Status', 500]);
  assert.match(message, /known.*not synced yet/);

  permitted();
  api.put('a');
  await eventually('readiness', async () => (await fetch(`${healthUrl}/readyz`)).ok || undefined);
  assert.equal((await decided('a')).response.allowed, true);
  assert.equal((await decided('b')).response.status.message, '[known] no such thing');
  for (const line of [
    'portcullis_lookup_watching{resource="things.test.example.com"} 1',
    'portcullis_lookup_objects{resource="things.test.example.com"} 1',
    'portcullis_lookup_live_reads_total{resource="things.test.example.com",result="not_found"} 1',
  ]) {
    await eventually(
      line,
      async () => (await (await fetch(`${healthUrl}/metrics`)).text()).includes(line) || undefined,
    );
  }
  child.kill('SIGTERM');
  await eventually('the end', async () => child.exitCode ?? undefined);
  assert.equal(child.exitCode, 0);
  assert.equal(api.watches(), 0);
});

test('where no API server is known, a rule that can do without is in force: what it must look up fails, and nothing else', async (t) => {
  const cwd = await folderOf(t, { 'rules/known.ts': OPTIONAL });
  const { said } = await serving(t, ['--rules', 'rules'], { cwd, environment: NOWHERE });
  const { healthUrl, decided } = await asking(said, cwd);
  assert.equal((await fetch(`${healthUrl}/readyz`)).status, 200);
  assert.match(said.stdout, /no cluster is asked, and .*, things\.test\.example\.com cannot be looked up"/);
  assert.match(said.stdout, /"reason":"No API server is known\./);
  const { allowed, warnings } = (await decided()).response;
  assert.deepEqual([allowed, warnings], [true, ['[known] on "no version"']]);
  const { kind, code, message } = await decided('a');
  assert.deepEqual([kind, code], ['Status', 500]);
  assert.match(message, /rule known failed: .*no Thing can be looked up: this server has no access to a cluster/);
});

test('a kind that is refused shuts the gate for nobody whose rule can do without, and rules are told the version', async (t) => {
  const api = await fakeApiServer(t);
  const cwd = await folderOf(t, { 'rules/known.ts': OPTIONAL });
  const installed = api.instead('list', (_, response) => response.writeHead(404).end('404 page not found'), Infinity);
  const { said } = await serving(t, ['--rules', 'rules', '--kubeconfig', api.kubeconfig], { cwd });
  const { healthUrl, decided } = await asking(said, cwd);
  await eventually('readiness', async () => (await fetch(`${healthUrl}/readyz`)).ok || undefined);
  const { allowed, warnings } = (await decided()).response;
  assert.deepEqual([allowed, warnings], [true, ['[known] on {"major":1,"minor":28}']]);
  const { code, message } = await decided('a');
  assert.equal(code, 500);
  assert.match(message, /rule known failed: .*not synced yet: .*404/);

  installed();
  api.put('a');
  const found = await eventually('the list', async () => (await decided('a')).response);
  assert.equal(found.allowed, true);
  assert.equal((await decided('b')).response.status.message, '[known] no such thing');
});

test('a start that waits for the API server says so, and ends in good order when it is told to', async (t) => {
  const api = await fakeApiServer(t);
  await api.shut();
  const cwd = await folderOf(t, {});
  const [healthPort] = await freePorts(1);
  const ports = ['--port', '0', '--health-port', `${healthPort}`];
  const { child, said, ended } = starting(t, [...ports, '--certificate', 'self', '--kubeconfig', api.kubeconfig], {
    cwd,
  });
  const health = `http://127.0.0.1:${healthPort}`;
  const { message } = await eventually('what is missing', async () => {
    return (await (await fetch(`${health}/readyz`)).json()) as { message: string };
  });
  assert.match(message, /^not ready: there is no serving certificate yet/);
  assert.equal((await fetch(`${health}/livez`)).status, 200);
  await eventually('the log', async () => said.stdout.includes('waiting for the CA; trying on') || undefined);
  child.kill('SIGTERM');
  assert.equal(await ended, 0, said.stderr);
});

/** Asks a server that serves, whose certificate is in the folder. */
async function asking({ stderr }: { readonly stderr: string }, folder: string) {
  const [, url = '', healthUrl = ''] = /serves .* on (\S+) .*: (\S+)\)/.exec(stderr) ?? [];
  const server = { port: Number(new URL(url).port), ca: await readFile(join(folder, '.portcullis/ca.crt'), 'utf8') };
  const decided = async (thing?: string) => JSON.parse((await post(server, '/validate/policy', review(thing))).body);
  return { healthUrl, decided };
}

/** Of a pod in the fake API server's only namespace. */
function review(thing: string | undefined): string {
  return textOf({ namespace: 'default', object: pod({ metadata: { name: 'p', labels: { thing } } }) });
}
