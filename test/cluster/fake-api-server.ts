import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { issueCertificateAuthority, issueServingCertificate } from '../../certs/issue.ts';
import { kind } from '../../webhook/kind.ts';
import { emptyFolder } from '../certs/empty-folder.ts';

/** What the fake serves, in all namespaces. */
export const Thing = kind<object>({
  group: 'test.example.com',
  version: 'v1',
  kind: 'Thing',
  resource: 'things',
  scope: 'Namespaced',
});

/** The token in the fake's kubeconfig. */
export const TOKEN = 'a-token-that-nobody-may-see';

export type Verb = 'list' | 'watch' | 'get' | 'other';

/** A request that arrived. */
export interface Asked {
  readonly verb: Verb;
  readonly method: string;
  readonly path: string;
  readonly query: { readonly [name: string]: string };
  readonly headers: IncomingMessage['headers'];
  /** Of the client's certificate; '' where it showed none. */
  readonly fingerprint: string;
  /** When, as performance.now() says it. */
  readonly at: number;
}

/** What answers a request in place of the fake; false leaves it to the fake after all. */
type Instead = (asked: Asked, response: ServerResponse, request: IncomingMessage) => unknown;

/** An API server that has a few things, and behaves as badly as a test wants. */
export interface FakeApiServer {
  readonly url: string;
  readonly ca: string;
  readonly kubeconfig: string;
  readonly asked: readonly Asked[];
  /** How many requests of the verb came. */
  count(verb: Verb): number;
  /** Makes or changes a thing; `quietly` tells no watch. */
  put(name: string, more?: object, quietly?: 'quietly'): void;
  remove(name: string, quietly?: 'quietly'): void;
  /** Answers the next requests of the verb so: one, or as many as said, or all of them until the returned function is called. */
  instead(verb: Verb, act: Instead, times?: number): () => void;
  /** How many watches are open. */
  watches(): number;
  /** Writes to every open watch as it is. */
  write(text: string): void;
  /** Ends every open watch in good order, or by closing or resetting its connection. */
  endWatches(how?: 'in order' | 'cut' | 'reset'): void;
  /** Closes all connections and the port; `reopen` serves on it again. */
  shut(): Promise<void>;
  reopen(): Promise<void>;
  connections(): number;
}

/** Starts one, which ends with the test. */
export async function fakeApiServer(t: TestContext): Promise<FakeApiServer> {
  const now = new Date();
  const ca = await issueCertificateAuthority({ now, days: 1 });
  const pair = await issueServingCertificate({ ca, names: ['127.0.0.1'], now, days: 1 });
  const asked: Asked[] = [];
  const things = new Map<string, object>();
  const events: { readonly version: number; readonly line: string }[] = [];
  const open = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  const insteads = new Set<{ readonly verb: Verb; readonly act: Instead; left: number }>();
  let version = 100;
  const server = createServer({ ...pair, requestCert: true, rejectUnauthorized: false }, answer);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `https://127.0.0.1:${port}`;
  t.after(() => shut());
  const kubeconfig = join(await emptyFolder(t), 'kubeconfig');
  await writeFile(kubeconfig, JSON.stringify(kubeconfigFor(url, ca.cert)));

  return {
    url,
    ca: ca.cert,
    kubeconfig,
    asked,
    count: (verb) => asked.filter((one) => one.verb === verb).length,
    put(name, more = {}, quietly) {
      const thing = thingOf(name, ++version, more);
      const type = things.has(name) ? 'MODIFIED' : 'ADDED';
      things.set(name, thing);
      tell(type, thing, quietly);
    },
    remove(name, quietly) {
      things.delete(name);
      tell('DELETED', thingOf(name, ++version, {}), quietly);
    },
    instead(verb, act, times = 1) {
      const entry = { verb, act, left: times };
      insteads.add(entry);
      return () => insteads.delete(entry);
    },
    watches: () => open.size,
    write(text) {
      for (const watch of open) watch.write(text);
    },
    endWatches(how = 'in order') {
      for (const watch of open) how === 'in order' ? watch.end() : how === 'cut' && watch.socket?.destroy();
      if (how === 'reset') for (const socket of sockets) socket.resetAndDestroy();
      open.clear();
    },
    shut,
    reopen: async () => void (await once(server.listen(port, '127.0.0.1'), 'listening')),
    connections: () => sockets.size,
  };

  async function shut(): Promise<void> {
    const closed = server.listening ? once(server, 'close') : undefined;
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  function tell(type: string, object: object, quietly?: 'quietly'): void {
    const line = `${JSON.stringify({ type, object })}\n`;
    events.push({ version, line });
    if (quietly === undefined) for (const watch of open) watch.write(line);
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '', url);
    const query = Object.fromEntries(searchParams);
    const { method = '', headers } = request;
    const fingerprint = (request.socket as TLSSocket).getPeerX509Certificate()?.fingerprint256 ?? '';
    const told = { method, path: pathname, query, headers, fingerprint };
    const one: Asked = { verb: verbOf(pathname, query), ...told, at: performance.now() };
    asked.push(one);
    for (const entry of insteads) {
      if (entry.verb !== one.verb) continue;
      if (--entry.left <= 0) insteads.delete(entry);
      if (entry.act(one, response, request) === false) break;
      return;
    }
    if (one.verb === 'list') list(query, response);
    else if (one.verb === 'watch') watch(query, response);
    else if (one.verb === 'get') get(pathname, response);
    // So API servers speak of a group that they do not know, such as that of our Websites.
    else if (pathname.startsWith('/apis/')) response.writeHead(404).end('404 page not found\n');
    else json(response, 200, { major: '1', minor: '28+' });
  }

  function list({ limit = '1000', continue: from = '0' }: Asked['query'], response: ServerResponse): void {
    const end = Number(from) + Math.min(Number(limit), 2);
    const all = [...things.values()];
    const rest = limit === '1000' || end >= all.length ? {} : { continue: `${end}` };
    const items = limit === '1000' ? all : all.slice(Number(from), end);
    json(response, 200, { kind: 'ThingList', metadata: { resourceVersion: `${version}`, ...rest }, items });
  }

  function watch({ resourceVersion = '0', timeoutSeconds = '30' }: Asked['query'], response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    open.add(response);
    const timer = setTimeout(() => {
      const object = { kind: 'Thing', metadata: { resourceVersion: `${version}` } };
      response.end(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
    }, Number(timeoutSeconds) * 1000);
    response.on('close', () => {
      clearTimeout(timer);
      open.delete(response);
    });
    for (const event of events) if (event.version > Number(resourceVersion)) response.write(event.line);
  }

  function get(path: string, response: ServerResponse): void {
    const name = decodeURIComponent(path.split('/').at(-1) ?? '');
    const thing = path.includes('/namespaces/default/') ? things.get(name) : undefined;
    if (thing !== undefined) json(response, 200, thing);
    else refuse(response, 404, { reason: 'NotFound', message: `things "${name}" not found`, details: { name } });
  }
}

/** Answers with a JSON value. */
export function json(response: ServerResponse, code: number, value: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** Answers with a Status, as API servers refuse. */
export function refuse(response: ServerResponse, code: number, status: object): void {
  json(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, ...status });
}

function thingOf(name: string, version: number, more: object): object {
  const metadata = { name, namespace: 'default', resourceVersion: `${version}`, managedFields: [{ manager: 'test' }] };
  return { metadata, ...more };
}

function verbOf(path: string, query: { readonly watch?: string }): Verb {
  if (query.watch === 'true') return 'watch';
  if (path === '/apis/test.example.com/v1/things') return 'list';
  return path.includes('/things/') ? 'get' : 'other';
}

function kubeconfigFor(server: string, ca: string): object {
  const data = Buffer.from(ca).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'fake', cluster: { server, 'certificate-authority-data': data } }],
    users: [{ name: 'someone', user: { token: TOKEN } }],
    contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'someone' } }],
    'current-context': 'fake',
  };
}
