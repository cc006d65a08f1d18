import { once } from 'node:events';
import { Agent, request } from 'node:https';
import type { TestContext } from 'node:test';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { Serving } from './serving.ts';

/** An HTTP answer, read to its end. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: string;
  /** Whether it came over a connection that had been used before. */
  readonly isReused: boolean;
}

/** How a request departs from `POST` of a JSON body with its Content-Length. */
export interface Departures {
  readonly method?: string;
  /** Replaces the content type and adds the rest; undefined leaves one out. */
  readonly headers?: { readonly [name: string]: string | undefined };
  /** Without one, the request has a connection of its own. */
  readonly agent?: Agent;
  readonly isChunked?: boolean;
}

/** Posts a body to a path, trusting the server's CA and no other. */
export function post(
  { port, ca }: Pick<Serving, 'port' | 'ca'>,
  path: string,
  body: string | Uint8Array,
  { method = 'POST', headers = {}, agent, isChunked = false }: Departures = {},
): Promise<Answer> {
  const all = {
    'content-type': 'application/json',
    ...(isChunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const given = Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return new Promise((resolve, reject) => {
    const connection = agent ?? new Agent({ keepAlive: false });
    const sent = request({ host: '127.0.0.1', port, ca, path, method, headers: given, agent: connection });
    // A server that has heard enough answers and closes while the body is still being sent.
    let isAnswered = false;
    sent.on('error', (error) => {
      if (!isAnswered) reject(error);
    });
    sent.on('response', (response) => {
      isAnswered = true;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, body: Buffer.concat(chunks).toString(), isReused: sent.reusedSocket });
      });
    });
    sent.end(body);
  });
}

/** An agent that keeps one connection to the server, closed when the test ends. */
export function keptAlive(t: Pick<TestContext, 'after'>, { ca }: Pick<Serving, 'ca'>): Agent {
  const agent = new Agent({ ca, keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  return agent;
}

/** A TLS connection to say anything over. */
export interface Connection {
  readonly socket: TLSSocket;
  send(bytes: string | Uint8Array): void;
  /** The next answer, when it is complete; rejects where the connection ends before. */
  answer(): Promise<Answer>;
  /** Resolves when the server has closed its side, or the whole connection. */
  readonly ended: Promise<unknown>;
  /** What has come and is no answer that was taken. */
  rest(): string;
}

/** Connects and shakes hands; rejects with the client's error. Nothing is left open when the test ends. */
export async function connected(
  t: Pick<TestContext, 'after'>,
  { port, ca }: Pick<Serving, 'port' | 'ca'>,
  options: ConnectionOptions = {},
): Promise<Connection> {
  // Half open, so that a connection ends when the server ends it and not a moment before.
  const wanted = { host: '127.0.0.1', port, ca, servername: 'localhost', allowHalfOpen: true, ...options };
  const socket = connect(wanted);
  t.after(() => socket.destroy());
  await once(socket, 'secureConnect');
  let text = '';
  let hasEnded = false;
  const ended = new Promise((resolve) => {
    for (const event of ['end', 'close', 'error']) socket.once(event, resolve);
  }).then(() => {
    hasEnded = true;
  });
  socket.on('error', () => {});
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  return {
    socket,
    send: (bytes) => void socket.write(bytes),
    async answer() {
      for (;;) {
        const complete = firstAnswer(text);
        if (complete !== undefined) {
          text = text.slice(complete.length);
          return complete.answer;
        }
        if (hasEnded) throw new Error(`the connection ended after ${JSON.stringify(text)}`);
        await Promise.race([once(socket, 'data').catch(() => {}), ended]);
      }
    },
    ended,
    rest: () => text,
  };
}

/** Every answer here has a Content-Length. */
function firstAnswer(text: string): { answer: Answer; length: number } | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [line = '', ...fields] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
  );
  const length = end + 4 + Number(headers['content-length']);
  if (!(text.length >= length)) return undefined;
  const body = Buffer.from(text.slice(end + 4, length), 'latin1').toString('utf8');
  return { answer: { status: Number(line.split(' ')[1]), headers, body, isReused: false }, length };
}
