import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { done } from '../../said.ts';
import { assertGate, enforced } from '../gate.ts';
import type { Installation } from '../installation.ts';

/** The install of the README: server, rollout status, webhooks. */
export async function install(t: TestContext, cluster: Installation): Promise<void> {
  const { plane, run } = cluster;
  const kubectl = await cluster.namespace('users');

  await t.test('the server is applied', async () => {
    assert.deepEqual(await run('kubectl apply -k manifests/server'), done(created(SERVER)));
  });

  await t.test('and rolled out', async () => {
    const status = await cluster.done('kubectl -n portcullis-system rollout status deployment/portcullis');
    assert.match(status, /\ndeployment "portcullis" successfully rolled out\n$/);
  });

  await t.test('then the webhooks are, and bad Websites are refused within seconds', async () => {
    assert.deepEqual(await run('kubectl apply -k manifests/webhooks'), done(created(WEBHOOKS)));
    const began = performance.now();
    const before = await enforced(kubectl);
    const seconds = (performance.now() - began) / 1000;
    t.diagnostic(`enforced ${seconds.toFixed(1)} s after the third command; before: ${before.join(' | ')}`);
    assert.ok(seconds < 10, `${seconds} s`);
  });

  await t.test('users see the gate, and the API server has verified whose it is', async () => {
    await assertGate(kubectl);
    for (const kind of ['mutatingwebhookconfiguration', 'validatingwebhookconfiguration']) {
      const { webhooks } = await plane.json(['get', kind, 'portcullis']);
      assert.ok(webhooks.length > 0);
      for (const { clientConfig } of webhooks) {
        assert.equal(clientConfig.url, undefined);
        assert.equal(clientConfig.service.name, 'portcullis');
        assert.match(Buffer.from(clientConfig.caBundle, 'base64').toString(), /^-----BEGIN CERTIFICATE-----/);
      }
    }
  });

  await t.test('the same commands again change nothing, the CA least of all', async () => {
    const bundle = ['get', 'validatingwebhookconfiguration', 'portcullis', '-o', 'jsonpath={..caBundle}'];
    const { stdout: before } = await plane.succeeded(bundle);
    assert.doesNotMatch((await run('kubectl apply -k manifests/server')).stdout, /created|configured/);
    assert.doesNotMatch((await run('kubectl apply -k manifests/webhooks')).stdout, /created|configured/);
    assert.equal((await plane.succeeded(bundle)).stdout, before);
    await assertGate(kubectl);
  });
}

const SERVER = [
  'namespace/portcullis-system',
  'customresourcedefinition.apiextensions.k8s.io/websites.extensions.example.com',
  'serviceaccount/portcullis',
  'role.rbac.authorization.k8s.io/portcullis',
  'clusterrole.rbac.authorization.k8s.io/portcullis',
  'rolebinding.rbac.authorization.k8s.io/portcullis',
  'clusterrolebinding.rbac.authorization.k8s.io/portcullis',
  'service/portcullis',
  // The stand-in for the cluster network.
  'service/portcullis-pods',
  'deployment.apps/portcullis',
  'poddisruptionbudget.policy/portcullis',
  'networkpolicy.networking.k8s.io/portcullis',
];

const WEBHOOKS = [
  'mutatingwebhookconfiguration.admissionregistration.k8s.io/portcullis',
  'validatingwebhookconfiguration.admissionregistration.k8s.io/portcullis',
];

function created(objects: readonly string[]): string {
  return objects.map((object) => `${object} created\n`).join('');
}
