import { type Asked, type FakeClient, fakeClient, refusal } from './fake-client.ts';

/** An API server of one Secret and two configurations. */
export interface FakeCluster {
  readonly client: FakeClient;
  /** The Secret's data, while there is one. */
  secret: { readonly [key: string]: string } | undefined;
  /** The caBundles of each configuration's webhooks, by the resource's name, while there is one. */
  readonly bundles: { [resource: string]: (string | undefined)[] | undefined };
  /** Asked before each request: what it gives is answered instead. */
  refuse: (asked: Asked) => Error | undefined;
}

/** Starts with nothing in it, and refuses nothing. */
export function fakeCluster(): FakeCluster {
  const cluster: FakeCluster = { client: fakeClient(answer), secret: undefined, bundles: {}, refuse: () => undefined };
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
    return { metadata: { resourceVersion: '1' }, webhooks };
  }

  function secret({ method, body }: Asked): object | Error {
    if (method === 'POST' && cluster.secret !== undefined) return refusal(409);
    if (method === 'POST') cluster.secret = body.data;
    return cluster.secret === undefined ? refusal(404) : { data: cluster.secret };
  }
}
