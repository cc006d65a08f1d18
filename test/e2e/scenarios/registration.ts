import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { parseAllDocuments } from 'yaml';
import type { Cluster } from '../cluster.ts';
import { eventually } from '../eventually.ts';
import { DOWNWARD_API, pod, website } from '../objects.ts';
import { done } from '../said.ts';

/** The generated configurations are taken as they are, take effect, and stay what they are. */
export async function registration(t: TestContext, cluster: Cluster): Promise<void> {
  const { plane } = cluster;

  await t.test('both configurations are created, and are unchanged when they are applied again', async () => {
    assert.deepEqual(await cluster.register(), done(both('created')));
    assert.deepEqual(await cluster.register(), done(both('unchanged')));
  });

  await t.test('they take effect', async () => {
    const asks = pod({ name: 'asks', labels: { [DOWNWARD_API]: 'true' } });
    const bad = website({ name: 'bad' }, { gitRepo: 'https://host' });
    const tried = ['create', '--dry-run=server', '-f', '-', '-o', 'json'];
    await eventually('the mutating one', async () => {
      const { stdout } = await plane.succeeded(tried, { input: asks });
      return 'env' in JSON.parse(stdout).spec.containers[0] || undefined;
    });
    await eventually('the validating one', async () => (await plane.kubectl(tried, { input: bad })).code || undefined);
  });

  await t.test('the API server stores what was printed, and adds nothing but the defaults', async () => {
    const printed = parseAllDocuments(await cluster.manifests('webhooks')).map((document) => document.toJS());
    assert.deepEqual(
      printed.map(({ kind }) => kind),
      ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
    );
    for (const { kind, webhooks } of printed) {
      const stored = await plane.json(['get', kind, 'portcullis']);
      const defaulted = webhooks.map((webhook: object) => ({ objectSelector: {}, ...webhook }));
      assert.deepEqual(stored.webhooks, defaulted);
    }
  });
}

function both(what: string): string {
  return ['mutating', 'validating']
    .map((phase) => `${phase}webhookconfiguration.admissionregistration.k8s.io/portcullis ${what}\n`)
    .join('');
}
