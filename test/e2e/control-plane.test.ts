import assert from 'node:assert/strict';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { withoutAssets } from './assets.ts';
import { startControlPlane } from './control-plane.ts';
import { eventually } from './eventually.ts';
import { ran } from './ran.ts';

const skip = withoutAssets;

// Every control plane of this file has its folder here, so that what is left over is seen.
const folder = await mkdtemp(join(tmpdir(), 'portcullis-planes-'));
before(() => {
  process.env.TMPDIR = folder;
});
after(() => rm(folder, { recursive: true }));

test('a control plane', { skip }, async (t) => {
  const plane = await timed(t, 'start', () => startControlPlane({ audit: true }));
  t.after(plane.stop);

  await t.test('makes the Pods of a Deployment, by its own controller manager', async () => {
    await plane.succeeded(['create', 'deployment', 'site', '--image=nginx', '--replicas=1']);
    const pod = await eventually('a Pod of the Deployment', async () => {
      const { items } = await plane.json(['get', 'pods', '--selector=app=site']);
      return items[0];
    });
    assert.equal(pod.metadata.ownerReferences[0].kind, 'ReplicaSet');
    const creation = await eventually('the audit event of its creation', async () => {
      const events = await plane.auditEvents();
      return events.find(({ verb, requestURI }) => verb === 'create' && requestURI.endsWith('/pods'));
    });
    assert.equal(creation.user.username, 'system:serviceaccount:kube-system:replicaset-controller');
  });

  await t.test('applies documents, and says why it refuses some', async () => {
    const { stdout } = await plane.applied(namespace('good'));
    assert.equal(stdout, 'namespace/good created\n');
    await assert.rejects(plane.applied(namespace('not_good')), /apply -f - \(code 1\): .*"not_good" is invalid/s);
  });

  await t.test('hands over a refusal as kubectl gives it, where that is what the test is about', async () => {
    const { code, stdout, stderr } = await plane.kubectl(['get', 'namespace', 'missing']);
    assert.deepEqual([code, stdout], [1, '']);
    assert.equal(stderr, 'Error from server (NotFound): namespaces "missing" not found\n');
    await assert.rejects(plane.json(['get', 'namespace', 'missing']), /"missing" not found/);
  });

  await t.test('works for other programs by its environment alone', async () => {
    const { stdout } = await ran(
      'kubectl',
      ['config', 'view', '--output=jsonpath={.clusters[0].cluster.server}'],
      plane.env,
    );
    assert.match(stdout, /^https:\/\/127\.0\.0\.1:\d+$/);
  });

  await t.test('that has lost a program says which and why', async () => {
    process.kill(plane.pids[2] as number, 'SIGKILL');
    await eventually('its loss', async () =>
      plane.kubectl(['version']).then(
        () => undefined,
        () => true,
      ),
    );
    await assert.rejects(
      plane.kubectl(['version']),
      /kube-controller-manager ended with SIGKILL; the end of .* log:\n/,
    );
  });

  await t.test('is gone when stopped, and may be stopped again', async () => {
    await timed(t, 'stop', plane.stop);
    assert.equal(plane.pids.length, 3);
    for (const pid of plane.pids) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    await plane.stop();
    assert.deepEqual(await readdir(folder), []);
  });
});

test('a control plane that cannot start', { skip }, async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
  const { port } = taken.address() as AddressInfo;
  for (const { sentence, flag, attempts, reason } of [
    {
      sentence: 'for a reason that will not go away says it at once',
      flag: '--no-such-flag',
      attempts: 1,
      reason: /kube-apiserver ended with .*unknown flag: --no-such-flag/s,
    },
    {
      sentence: 'because somebody has its port tries two more times',
      flag: `--secure-port=${port}`,
      attempts: 3,
      reason: /kube-apiserver ended with .*address already in use/s,
    },
  ]) {
    await t.test(`${sentence}, and leaves nothing behind`, async (t) => {
      const seen = new Set<string | null>();
      const watcher = watch(folder, (_, name) => seen.add(name));
      t.after(() => watcher.close());
      await assert.rejects(startControlPlane({ extraApiServerFlags: [flag] }), reason);
      assert.deepEqual(await readdir(folder), []);
      await eventually(`${attempts} folders`, async () => seen.size >= attempts || undefined, { timeoutMs: 5_000 });
      assert.equal(seen.size, attempts);
    });
  }
});

async function timed<T>(t: TestContext, what: string, action: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await action();
  t.diagnostic(`its ${what} took ${Math.round(performance.now() - began)} ms`);
  return result;
}

function namespace(name: string): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}
