import { type Asked, type FakeClient, fakeClient, refusal } from './fake-client.ts';

/** An API server of one Secret and two configurations. */
export interface FakeCluster {
  readonly client: FakeClient;
  /** The Secret's data, while there is one. */
  secret: { readonly [key: string]: string } | undefined;
  /** The caBundles of each configuration's webhooks, by the resource's name, while there is one. */
  readonly bundles: { [resource: string]: (string | undefined)[] | undefined };
  /** When the configurations were changed last; they do not say so unless it is set. */
  changedAt: Date | undefined;
  /** Asked before each request: what it gives is answered instead. */
  refuse: (asked: Asked) => Error | undefined;
}

/** Starts with nothing in it, and refuses nothing. */
export function fakeCluster(): FakeCluster {
  let data: FakeCluster['secret'];
  let version = 1;
  const cluster: FakeCluster = {
    client: fakeClient(answer),
    get secret() {
      return data;
    },
    set secret(next) {
      data = next;
      version++;
    },
    bundles: {},
    changedAt: undefined,
    refuse: () => undefined,
  };
  return cluster;

  function answer(asked: Asked): object | Error {
    const refused = cluster.refuse(asked);
    if (refused !== undefined) return refused;
    if (asked.path.includes('/secrets')) return secret(asked);
    const bundles = cluster.bundles[asked.path.split('/').at(-2) ?? ''];
    if (bundles === undefined) return refusal(404);
    for (const { op, path, value } of asked.body ?? []) {
      if (op === 'add') bundles[path.split('/')[2]] = value;
    }
    const webhooks = bundles.map((caBundle, i) => ({ name: `${i}.example.com`, clientConfig: { caBundle } }));
    const managedFields = cluster.changedAt === undefined ? [] : [{ time: cluster.changedAt.toISOString() }];
    return { metadata: { resourceVersion: '1', managedFields }, webhooks };
  }

  function secret({ method, body }: Asked): object | Error {
    if (method === 'POST' && data !== undefined) return refusal(409);
    if (method === 'PUT' && data === undefined) return refusal(404);
    if (method === 'PUT' && body.metadata.resourceVersion !== `${version}`) return refusal(409);
    if (method === 'POST' || method === 'PUT') cluster.secret = body.data;
    if (data === undefined) return refusal(404);
    const metadata = { name: 'portcullis-ca', resourceVersion: `${version}`, labels: { kept: 'yes' } };
    return { kind: 'Secret', metadata, type: 'Opaque', data };
  }
}
