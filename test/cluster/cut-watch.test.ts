import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { type ClusterClient, connect } from '../../cluster/client.ts';
import { type LookupObserver, startLookups } from '../../cluster/lookups.ts';
import { serverVersion } from '../../cluster/version.ts';
import { ConfigMap, Secret } from '../../webhook/kinds.ts';
import { emptyFolder } from '../certs/empty-folder.ts';
import { withoutAssets } from '../e2e/assets.ts';
import { type ControlPlane, startControlPlane } from '../e2e/control-plane.ts';
import { eventually } from '../e2e/eventually.ts';
import { cuttingProxy } from './cutting-proxy.ts';
import { keptLog } from './log.ts';

let plane: ControlPlane;
before(async () => {
  if (!withoutAssets) plane = await startControlPlane();
});
after(() => plane?.stop());

const skip = withoutAssets;
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

/** A client with credentials of its own; ends with the test. */
async function connected(t: TestContext, ...[options]: Parameters<typeof connect>): Promise<ClusterClient> {
  const client = await connect(options);
  t.after(() => client.close());
  return client;
}

/** The administrator's kubeconfig, for the same API server at another port. */
async function kubeconfigAt(t: TestContext, port: number): Promise<string> {
  const path = join(await emptyFolder(t), 'kubeconfig');
  const config = JSON.parse(await readFile(plane.kubeconfig, 'utf8'));
  config.clusters[0].cluster.server = `https://127.0.0.1:${port}`;
  await writeFile(path, JSON.stringify(config));
  return path;
}

async function apiServerPort(): Promise<number> {
  const config = JSON.parse(await readFile(plane.kubeconfig, 'utf8'));
  return Number(new URL(config.clusters[0].cluster.server).port);
}

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

test(`a watch cut 50 times at random under load never yields a wrong "not found" (SEED=${seed})`, {
  skip,
}, async (t) => {
  const random = randomFrom(seed);
  const proxy = await cuttingProxy(t, await apiServerPort());
  const writer = await connected(t, { kubeconfig: plane.kubeconfig, environment: {} });
  const reader = await connected(t, { kubeconfig: await kubeconfigAt(t, proxy.port), environment: {} });
  const config = new KubeConfig();
  config.loadFromFile(plane.kubeconfig);
  // Nothing of Portcullis deletes, so its own client cannot.
  const api = config.makeApiClient(CoreV1Api);
  const counted = { broken: 0, ended: 0, expired: 0, cuts: 0, found: 0, failed: 0, wrong: [] as string[] };
  let isWatching = false;
  const observe: LookupObserver = {
    watching: (_, is) => {
      isWatching = is;
    },
    restarted: (_, because) => {
      counted[because]++;
    },
  };
  const backoff = { firstMs: 5, mostMs: 40 };
  const running = startLookups({ client: reader, kinds: [ConfigMap], log: keptLog(), backoff, observe });
  t.after(() => running.stop());
  await eventually('the first list', async () => running.unsynced().length === 0 || undefined);

  /** A failure is no answer: it is asked until there is one. */
  async function answer(name: string): Promise<unknown> {
    for (;;) {
      try {
        return await running.lookups.find(ConfigMap, 'default', name);
      } catch {
        counted.failed++;
        await pause(1);
      }
    }
  }

  let ending = false;
  async function load(worker: number): Promise<string[]> {
    const gone: string[] = [];
    for (let i = 0; !ending; i++) {
      const name = `cut-${worker}-${i}`;
      // Asked before it is there, so that the answer may be remembered where it must not be.
      const early = answer(name);
      const body = { metadata: { name, labels: { cut: 'true' } }, data: { text: 'x'.repeat(random() * 2000) } };
      await writer.request('POST', CONFIG_MAPS, { body });
      for (let times = 0; times < 3; times++) {
        if ((await answer(name)) === undefined) counted.wrong.push(name);
        else counted.found++;
      }
      await early;
      if (i % 2 === 0) continue;
      const found = (await answer(name)) as { metadata: { uid: string } };
      if (found === undefined) counted.wrong.push(`${name} before its end`);
      await api.deleteNamespacedConfigMap({ name, namespace: 'default' });
      gone.push(name);
    }
    return gone;
  }

  const workers = [0, 1, 2, 3].map(load);
  while (counted.broken < 50) {
    await eventually('a watch to cut', async () => isWatching || undefined, { everyMs: 1 });
    await pause(random() * 40);
    // In the middle of whatever is said next, or between two words.
    counted.cuts += proxy.cut(random() < 0.5 ? 0 : Math.floor(random() * 3000)) > 0 ? 1 : 0;
  }
  ending = true;
  const gone = (await Promise.all(workers)).flat();
  t.diagnostic(`SEED=${seed} ${JSON.stringify(counted)}, ${gone.length} deleted`);
  assert.deepEqual(counted.wrong, []);
  assert.ok(counted.cuts >= 50 && counted.found > 50 && gone.length > 10, JSON.stringify(counted));
  for (const name of gone) {
    await eventually(`${name} is gone`, async () => (await answer(name)) === undefined || undefined);
  }
});

test('a pod finds what its service account may look up, and what it may not as soon as it may', { skip }, async (t) => {
  const name = 'portcullis-lookups';
  await plane.succeeded(['create', 'serviceaccount', name]);
  await plane.succeeded(['create', 'clusterrole', name, '--verb=get,list,watch', '--resource=configmaps']);
  await plane.succeeded([
    'create',
    'clusterrolebinding',
    name,
    `--clusterrole=${name}`,
    `--serviceaccount=default:${name}`,
  ]);
  await plane.succeeded(['create', 'configmap', 'known', '--from-literal=a=b']);
  await plane.succeeded(['create', 'secret', 'generic', 'known', '--from-literal=a=b']);
  const serviceAccountFolder = await emptyFolder(t);
  await writeFile(join(serviceAccountFolder, 'token'), (await plane.succeeded(['create', 'token', name])).stdout);
  const { clusters } = JSON.parse(await readFile(plane.kubeconfig, 'utf8'));
  await writeFile(join(serviceAccountFolder, 'ca.crt'), await readFile(clusters[0].cluster['certificate-authority']));
  const environment = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: `${await apiServerPort()}` };
  const client = await connected(t, { environment, serviceAccountFolder });
  assert.deepEqual(await serverVersion(client), { major: 1, minor: plane.minor });
  const backoff = { firstMs: 20, mostMs: 100 };
  const running = startLookups({ client, kinds: [ConfigMap, Secret], log: keptLog(), backoff });
  t.after(() => running.stop());

  const known = (await eventually('the ConfigMap', () => running.lookups.find(ConfigMap, 'default', 'known'))) as {
    metadata: { managedFields?: unknown };
  };
  assert.partialDeepStrictEqual(known, { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'b' } });
  assert.equal(known.metadata.managedFields, undefined);
  assert.equal(await running.lookups.find(ConfigMap, 'nowhere', 'known'), undefined);

  const words = `secrets have not been listed yet: GET /api/v1/secrets: secrets is forbidden: User "system:serviceaccount:default:${name}"`;
  await eventually('why', async () => running.unsynced()[0]?.startsWith(words) || undefined);
  await assert.rejects(running.lookups.find(Secret, 'default', 'known'), /secrets are not synced yet: .*forbidden/);
  await plane.succeeded(['create', 'clusterrole', `${name}-2`, '--verb=get,list,watch', '--resource=secrets']);
  const binding = [`--clusterrole=${name}-2`, `--serviceaccount=default:${name}`];
  await plane.succeeded(['create', 'clusterrolebinding', `${name}-2`, ...binding]);
  assert.ok(await eventually('the Secret', () => running.lookups.find(Secret, 'default', 'known')));
  assert.deepEqual(running.unsynced(), []);
});

test('a kind that the cluster does not serve is never "not found", and is found once it is served', {
  skip,
}, async (t) => {
  const client = await connected(t, { kubeconfig: plane.kubeconfig, environment: {} });
  const kind = {
    group: 'late.example.com',
    version: 'v1',
    kind: 'Late',
    resource: 'lates',
    scope: 'Namespaced',
  } as const;
  const backoff = { firstMs: 20, mostMs: 100 };
  const running = startLookups({ client, kinds: [kind], log: keptLog(), backoff });
  t.after(() => running.stop());
  const { lookups, unsynced } = running;
  await eventually('why', async () => unsynced()[0]?.includes('404') || undefined);
  await assert.rejects(lookups.find(kind, 'default', 'a'), /lates\.late\.example\.com are not synced yet: .*404/);
  await plane.applied(crd(kind));
  await eventually('it is listed', async () => unsynced().length === 0 || undefined);
  assert.equal(await lookups.find(kind, 'default', 'a'), undefined);
  const object = { apiVersion: 'late.example.com/v1', kind: 'Late', metadata: { name: 'a' }, spec: { any: ['thing'] } };
  await eventually('one is made', () => plane.applied(JSON.stringify(object)));
  assert.partialDeepStrictEqual(await lookups.find(kind, 'default', 'a'), { kind: 'Late', spec: { any: ['thing'] } });
});

function crd({ group, kind, resource }: { group: string; kind: string; resource: string }): string {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return JSON.stringify({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${resource}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural: resource },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  });
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
