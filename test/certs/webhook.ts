import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { list } from './installation.ts';

/** A server that allows every review, and counts them. */
export interface Webhook {
  readonly server: Server;
  readonly port: number;
  /** How many reviews it was sent. */
  readonly reviews: number;
}

/** Serves with the pair on a free port of 127.0.0.1 until the test ends. */
export async function webhook(t: TestContext, { cert, key }: { cert: string; key: string }): Promise<Webhook> {
  let reviews = 0;
  const server = createServer({ cert, key }, async (request, response) => {
    reviews++;
    let body = '';
    for await (const chunk of request) body += chunk;
    const { apiVersion, kind, request: asked } = JSON.parse(body);
    response.setHeader('content-type', 'application/json');
    // A kept connection would go on after the certificate was changed, and prove nothing about it.
    response.setHeader('connection', 'close');
    response.end(JSON.stringify({ apiVersion, kind, response: { uid: asked.uid, allowed: true } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    server,
    port: (server.address() as AddressInfo).port,
    get reviews() {
      return reviews;
    },
  };
}

/** A Service that stands for this machine: the API server calls `NAME.NAMESPACE.svc`, and reaches 127.0.0.1. */
export function service(name: string): string {
  const metadata = { name, namespace: name };
  return list({
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { type: 'ExternalName', externalName: '127.0.0.1' },
  });
}

/** Both configurations of a name, without caBundle: every new ConfigMap of its namespace is reviewed by each webhook. */
export function configurations(name: string, port: number, webhooks = ['one', 'two']): string {
  const entry = (webhook: string) => ({
    name: `${webhook}.${name}.example.com`,
    clientConfig: { service: { name, namespace: name, port, path: `/${webhook}` } },
    rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
    namespaceSelector: { matchLabels: { reviewed: name } },
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    timeoutSeconds: 5,
  });
  const of = (kind: string) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name },
    webhooks: webhooks.map(entry),
  });
  return list(of('MutatingWebhookConfiguration'), of('ValidatingWebhookConfiguration'));
}
