import type { SelfTimes } from '../../../certs/self-times.ts';
import { ApiError } from '../../../cluster/api-error.ts';
import type { ClusterClient } from '../../../cluster/client.ts';
import type { Events } from './events.ts';

/** How one client's requests fare. */
export interface Way {
  /** Whether none gets through. */
  isCut: boolean;
  /** Whether nobody is there any more to get an answer. */
  isDead: boolean;
}

/** A configuration as it was from a moment on, until the next version. */
export interface Version {
  readonly from: number;
  readonly resourceVersion: number;
  /** Each webhook's caBundle. */
  readonly bundles: readonly (string | undefined)[];
  /** Whether a person has just wiped the CAs: no webhook can be called, until each replica has looked at it. */
  readonly isExcused: boolean;
}

/** An API server of one Secret and two configurations, which is slow, and fails now and then. */
export interface ApiServer {
  secret: { readonly data: { readonly [key: string]: string }; readonly resourceVersion: number } | undefined;
  /** All versions that each configuration ever had, by its resource. */
  readonly versions: Map<string, Version[]>;
  /** Writes the Secret as a person does, whatever is there. */
  putSecret(data: { readonly [key: string]: string } | undefined): void;
  /** Puts a configuration there, as `kubectl replace` does. */
  putConfiguration(resource: string, bundles: readonly (string | undefined)[]): void;
  client(way: Way): ClusterClient;
}

/** Starts with nothing in it. `onVersion` is called with each new version of a configuration. */
export function apiServer(
  { events, random, times }: { readonly events: Events; readonly random: () => number; readonly times: SelfTimes },
  onVersion: (version: Version) => void,
): ApiServer {
  let revision = 0;
  const wipedAt = new Map<string, number>();
  const watchers = new Set<{ readonly way: Way; readonly path: string; readonly tell: () => void }>();
  const server: ApiServer = {
    secret: undefined,
    versions: new Map(),
    putSecret(data) {
      server.secret = data === undefined ? undefined : { data, resourceVersion: ++revision };
    },
    putConfiguration(resource, bundles) {
      if (!bundles.some((bundle) => bundle !== undefined)) wipedAt.set(resource, events.now);
      const isExcused = events.now <= (wipedAt.get(resource) ?? Number.NEGATIVE_INFINITY) + 2 * times.lookMs;
      const version = { from: events.now, resourceVersion: ++revision, bundles, isExcused };
      server.versions.set(resource, [...(server.versions.get(resource) ?? []), version]);
      onVersion(version);
      for (const { way, path, tell } of watchers) {
        if (path.endsWith(resource) && random() < 0.5) events.after(random() * 2000, () => !way.isCut && tell());
      }
    },
    client,
  };
  return server;

  function client(way: Way): ClusterClient {
    return {
      server: 'https://api.example.com',
      close: () => {},
      request(method, path, { body, signal } = {}) {
        const { promise, resolve, reject } = Promise.withResolvers<{ [member: string]: unknown }>();
        const end = () => reject(signal?.reason);
        signal?.addEventListener('abort', end);
        const settled = (settle: () => void) => () => {
          signal?.removeEventListener('abort', end);
          if (!way.isDead) settle();
        };
        events.after(latency(), () => {
          if (way.isDead) return;
          if (way.isCut || random() < 0.01) {
            return settled(() => reject(new Error('https://api.example.com cannot be reached')))();
          }
          const given = answer(method, path, body);
          // What was done may not be known to whoever asked for it.
          const isLost = random() < 0.01;
          events.after(
            latency(),
            settled(() => {
              if (isLost || way.isCut) reject(new Error('no answer within 10000 ms'));
              else if (given instanceof Error) reject(given);
              else resolve(JSON.parse(JSON.stringify(given)));
            }),
          );
        });
        return promise;
      },
      watch(path, _query, onEvent, signal) {
        const watcher = { way, path, tell: () => !way.isDead && onEvent({ type: 'MODIFIED', object: {} }) };
        watchers.add(watcher);
        return new Promise((_, reject) =>
          signal.addEventListener('abort', () => {
            watchers.delete(watcher);
            reject(signal.reason);
          }),
        );
      },
    };
  }

  /** Mostly little; now and then as long as a request may take. */
  function latency(): number {
    return random() < 0.8 ? 1 + random() * 50 : random() * 8000;
  }

  // biome-ignore lint/suspicious/noExplicitAny: whatever was sent
  function answer(method: string, path: string, body: any): object | Error {
    if (path.includes('/secrets')) return secret(method, body);
    const resource = path.split('/').at(-2) ?? '';
    const current = server.versions.get(resource)?.at(-1);
    if (current === undefined) return refused(404);
    if (method === 'PATCH') {
      const [test, ...edits] = body;
      if (test.value !== `${current.resourceVersion}`) return refused(422);
      const bundles = [...current.bundles];
      for (const { path: edited, value } of edits) bundles[edited.split('/')[2]] = value;
      server.putConfiguration(resource, bundles);
    }
    const { resourceVersion, bundles, from } = server.versions.get(resource)?.at(-1) ?? current;
    const webhooks = bundles.map((caBundle, i) => ({ name: `${i}.example.com`, clientConfig: { caBundle } }));
    const managedFields = [{ time: new Date(from).toISOString().replace(/\.\d+/, '') }];
    return { metadata: { resourceVersion: `${resourceVersion}`, managedFields }, webhooks };
  }

  // biome-ignore lint/suspicious/noExplicitAny: whatever was sent
  function secret(method: string, body: any): object | Error {
    if (method === 'POST' && server.secret !== undefined) return refused(409);
    if (method !== 'POST' && server.secret === undefined) return refused(404);
    if (method === 'PUT' && body.metadata.resourceVersion !== `${server.secret?.resourceVersion}`) return refused(409);
    if (method !== 'GET') server.putSecret(body.data);
    return { metadata: { resourceVersion: `${server.secret?.resourceVersion}` }, data: server.secret?.data };
  }
}

function refused(code: number): ApiError {
  return new ApiError(`refused (${code})`, code, '');
}
