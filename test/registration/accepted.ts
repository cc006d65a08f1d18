import assert from 'node:assert/strict';
import type { WebhookConfiguration } from '../../webhook/registration.ts';

/** A DNS-1123 subdomain (apimachinery's IsDNS1123Subdomain). */
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Fails for a configuration that the API server would refuse (protocol.md §2.1), or take for wider than it says. */
export function assertAccepted(configuration: WebhookConfiguration): void {
  const { kind, webhooks } = configuration;
  // biome-ignore lint/suspicious/noExplicitAny: read as the API server reads it, not as it was typed
  for (const webhook of structuredClone(webhooks) as any[]) {
    assertSubdomain(webhook.name);
    assert.ok(webhook.name.split('.').length >= 3, `${webhook.name} has three segments or more`);
    assertReachable(webhook.clientConfig);
    assert.ok(webhook.rules.length > 0, 'an entry without rules is never called');
    for (const { operations, apiGroups, apiVersions, resources, scope } of webhook.rules) {
      for (const list of [operations, apiGroups, apiVersions, resources]) {
        assert.ok(list.length > 0);
        assert.equal(new Set(list).size, list.length, `${list} has no duplicates`);
        assert.ok(!list.some((text: string) => text.includes('*')), `${list} has no wildcard`);
      }
      assert.match(scope, /^(Namespaced|Cluster)$/);
    }
    assert.match(webhook.failurePolicy, /^(Fail|Ignore)$/);
    assert.equal(webhook.matchPolicy, 'Equivalent');
    assert.equal(webhook.sideEffects, 'None');
    assert.deepEqual(webhook.admissionReviewVersions, ['v1']);
    assert.ok(webhook.timeoutSeconds >= 1 && webhook.timeoutSeconds <= 30);
    assert.equal('reinvocationPolicy' in webhook, kind === 'MutatingWebhookConfiguration');
  }
  const names = webhooks.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length, `${names} are unique`);
}

function assertReachable({ url, service }: { url?: string; service?: { path: string } }): void {
  assert.ok((url === undefined) !== (service === undefined), 'either url or service');
  const path = service?.path ?? new URL(url ?? '').pathname;
  for (const segment of path.slice(1).split('/')) assertSubdomain(segment);
}

function assertSubdomain(name: string): void {
  assert.match(name, SUBDOMAIN);
  assert.ok(name.length <= 253, `${name} is short enough`);
}
