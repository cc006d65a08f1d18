import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import { isRecord, type JsonObject } from '../webhook/decode.ts';
import { shownOnOneLine } from '../webhook/shown.ts';
import { ApiError } from './api-error.ts';
import { credentials, type WhereCredentialsAre } from './credentials.ts';
import { type Answer, exchange, textOf } from './exchange.ts';
import { jsonIn } from './json.ts';
import { takingTurns } from './taking-turns.ts';
import { readEvents, type WatchEvent } from './watch-events.ts';

export { ApiError } from './api-error.ts';
export type { WatchEvent } from './watch-events.ts';

/** The few requests that Portcullis makes of an API server: JSON in, JSON out, exactly as it came (no Dates, no dropped fields). */
export interface ClusterClient {
  /** The API server's URL, for logs. */
  readonly server: string;
  /**
   * Sends one request to a path of the API, whose segments are escaped already. Rejects with ApiError when the API
   * server refused, with an Error when it could not be reached, gave no JSON object, or no answer within `timeoutMs`
   * (10 s unless said; waiting for a turn included), and with the signal's reason.
   */
  request(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH',
    path: string,
    options?: {
      readonly query?: { readonly [name: string]: string };
      readonly body?: unknown;
      /** Of the body: `application/json` unless said. */
      readonly contentType?: string;
      readonly timeoutMs?: number;
      readonly signal?: AbortSignal;
    },
  ): Promise<JsonObject>;
  /**
   * Watches a list's path and calls `onEvent` for each event, in their order, until the API server ends the stream,
   * which it is told to do after 30 s; then it resolves. Bookmarks come too, one before that end. Rejects with ApiError
   * when the API server refused, be it by an ERROR event; with an Error when the stream breaks, holds what is no event,
   * or is silent for 10 s beyond its end; with what `onEvent` throws; and with the signal's reason. `onOpen` is called
   * once the API server has accepted.
   */
  watch(
    path: string,
    query: { readonly [name: string]: string },
    onEvent: (event: WatchEvent) => void,
    signal: AbortSignal,
    onOpen?: () => void,
  ): Promise<void>;
  /** Ends what is under way, by rejection, and every connection. */
  close(): void;
}

/** What differs between a server and a test; the defaults are for a server. */
export interface ConnectOptions extends WhereCredentialsAre {
  /** After how many seconds the API server is told to end a watch. */
  readonly watchSeconds?: number;
  /** How long a watch may be silent beyond that. */
  readonly graceMs?: number;
}

/**
 * Makes a client of the API server that the credentials are for: those of the file given, else the pod's own service
 * account, else $KUBECONFIG, else ~/.kube/config. Asks the API server nothing yet. Throws an Error that says what was
 * looked for when there are none, and what is wrong with those found. They are read again as they change.
 */
export async function connect({
  watchSeconds = 30,
  graceMs = 10_000,
  ...where
}: ConnectOptions): Promise<ClusterClient> {
  const { server, renewed, current } = await credentials(where);
  const keepAlive = { keepAlive: true, keepAliveInitialDelay: 15_000 };
  const agent = server.startsWith('https:') ? new HttpsAgent(keepAlive) : new HttpAgent(keepAlive);
  const underWay = new Set<AbortController>();
  const turn = takingTurns(MOST_AT_ONCE);
  let closed = false;
  return { server, request, watch, close };

  function request(...[method, path, options = {}]: Parameters<ClusterClient['request']>): Promise<JsonObject> {
    const { query = {}, body, contentType = 'application/json', timeoutMs = 10_000, signal } = options;
    const what = named(method, path);
    return limited(signal, async (limit) => {
      const timer = setTimeout(() => {
        // Connections that lie idle beside one that went silent are seldom better.
        for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
        limit.abort(new Error(`${what}: no answer from ${server} within ${timeoutMs} ms`));
      }, timeoutMs);
      try {
        return await turn(limit.signal, async () => {
          const content = body === undefined ? undefined : { type: contentType, text: JSON.stringify(body) };
          const answer = await ask(method, target(path, query), limit.signal, content);
          return parsed(await textOf(answer), what);
        });
      } finally {
        clearTimeout(timer);
      }
    });
  }

  function watch(...[path, query, onEvent, signal, onOpen]: Parameters<ClusterClient['watch']>): Promise<void> {
    const what = named('watch', path);
    const asked = { allowWatchBookmarks: 'true', timeoutSeconds: `${watchSeconds}`, ...query, watch: 'true' };
    return limited(signal, async (limit) => {
      const silence = (milliseconds: number) => () =>
        limit.abort(new Error(`${what}: nothing from ${server} for ${milliseconds} ms`));
      const patience = Number(asked.timeoutSeconds) * 1000 + graceMs;
      let timer = setTimeout(silence(graceMs), graceMs);
      const heard = () => {
        clearTimeout(timer);
        timer = setTimeout(silence(patience), patience);
      };
      try {
        const answer = await ask('GET', target(path, asked), limit.signal);
        heard();
        onOpen?.();
        await readEvents(answer.body, what, onEvent, heard);
      } finally {
        clearTimeout(timer);
      }
    });
  }

  /** Gives the answer to a request that the API server did not refuse. */
  async function ask(
    method: string,
    path: string,
    signal: AbortSignal,
    content?: { readonly type: string; readonly text: string },
  ): Promise<Answer> {
    const { headers: credential = {}, ...options } = await unlessAborted(signal, current());
    const headers = {
      accept: 'application/json',
      'user-agent': 'portcullis',
      ...(content === undefined ? {} : { 'content-type': content.type }),
      ...(credential as { [name: string]: string }),
    };
    const asked: RequestOptions = { agent, ...options, method, path, headers, signal };
    const answer = await exchange(server, asked, content?.text);
    if (answer.status >= 200 && answer.status < 300) return answer;
    if (answer.status === 401) renewed();
    const said = withoutCredential(await textOf(answer), headers);
    throw ApiError.from(named(method, path), answer.status, said);
  }

  /** Gives work a signal that ends it with the caller's own or with `close`, whose reason is what the caller gets. */
  async function limited<T>(own: AbortSignal | undefined, work: (limit: AbortController) => Promise<T>): Promise<T> {
    const limit = new AbortController();
    const abort = () => limit.abort(own?.reason);
    if (closed) throw new Error(`the connection to ${server} was closed`);
    own?.throwIfAborted();
    own?.addEventListener('abort', abort);
    underWay.add(limit);
    try {
      return await work(limit);
    } catch (error) {
      throw limit.signal.aborted ? limit.signal.reason : error;
    } finally {
      underWay.delete(limit);
      own?.removeEventListener('abort', abort);
    }
  }

  function close(): void {
    closed = true;
    for (const limit of underWay) limit.abort(new Error(`the connection to ${server} was closed`));
    agent.destroy();
  }
}

/** The rest wait for their turn: an API server counts what one client has in flight (API Priority and Fairness). */
const MOST_AT_ONCE = 32;

function target(path: string, query: { readonly [name: string]: string }): string {
  const search = new URLSearchParams(query).toString();
  return search === '' ? path : `${path}?${search}`;
}

/** How messages call a request. A path holds names that users gave, so it has a bound. */
function named(method: string, path: string): string {
  return `${method} ${shownOnOneLine(path.replace(/\?.*/s, ''), 300)}`;
}

/** Whatever stands between may repeat the request's own headers. */
function withoutCredential(text: string, headers: { readonly [name: string]: string }): string {
  const credential = headers.Authorization?.replace(/^\S+\s+/, '');
  return credential ? text.replaceAll(credential, '***') : text;
}

function parsed(text: string, what: string): JsonObject {
  const value = jsonIn(text);
  if (isRecord(value)) return value;
  throw new Error(`${what}: the answer is no JSON object, so it does not come from an API server`);
}

/** Credentials may come from a program that never ends. */
async function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
