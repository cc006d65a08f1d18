import { connect, type TLSSocket } from 'node:tls';

/** What is sent, again and again, and where to. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** With its query, as an API server sends it. */
  readonly path: string;
  readonly body: Uint8Array;
  /** PEM; undefined for a peer whose certificate is nobody's business. */
  readonly ca?: string;
}

/** What came of it. Times in milliseconds. */
export interface Load {
  readonly answers: number;
  /** Answers other than 200, by their code. */
  readonly others: { readonly [code: string]: number };
  readonly seconds: number;
  /** Sorted; of several targets, one for each time that all of them have answered. */
  readonly latencies: Float64Array;
}

/**
 * Sends reviews over so many connections, each its next as soon as it has its answer, for so long and once at the least;
 * what is under way then is waited for. Several targets, of one server, are each connection's in turn, as an API server
 * sends what one object is asked of several webhooks. Requests are bytes made once and answers are not parsed, so that
 * what is measured is the server. Rejects when a connection fails.
 */
export async function load(
  targets: Target | readonly [Target, ...Target[]],
  { connections, ms }: { connections: number; ms: number },
): Promise<Load> {
  const all = 'host' in targets ? ([targets] as const) : targets;
  const requests = all.map(requestOf);
  const latencies: number[] = [];
  const others: { [code: string]: number } = {};
  const sockets = await Promise.all(Array.from({ length: connections }, () => connected(all[0])));
  const started = performance.now();
  const isOver = () => performance.now() - started >= ms;
  await Promise.all(
    sockets.map(async (socket) => {
      const answers = answersOf(socket);
      do {
        const sent = performance.now();
        for (const request of requests) {
          socket.write(request);
          const code = await answers.next();
          if (code !== '200') others[code] = (others[code] ?? 0) + 1;
        }
        latencies.push(performance.now() - sent);
      } while (!isOver());
      socket.destroy();
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  const answers = latencies.length * requests.length;
  return { answers, others, seconds, latencies: Float64Array.from(latencies).sort() };
}

/** The latency that so large a part of the answers does not exceed. */
export function percentile({ latencies }: Load, part: number): number {
  return latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? Number.NaN;
}

function requestOf({ host, port, path, body }: Target): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${host}:${port}`,
    'Content-Type: application/json',
    'Accept: application/json, */*',
    `Content-Length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}

function connected({ host, port, ca }: Target): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const trust = ca === undefined ? { rejectUnauthorized: false } : { ca };
    const socket = connect({ host, port, ...trust, noDelay: true } as never, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** The codes of a connection's answers, one after the other; each answer has a Content-Length, and nothing follows it unasked. */
function answersOf(socket: TLSSocket): { next(): Promise<string> } {
  let rest: Buffer = Buffer.alloc(0);
  let wanted = awaited();
  let missing = -1;
  let code = '';
  socket.removeAllListeners('error');
  socket.on('error', (error) => wanted.reject(error));
  socket.on('close', () => wanted.reject(new Error('the server closed the connection')));
  socket.on('data', (chunk: Buffer) => {
    if (missing < 0) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const end = rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = rest.toString('latin1', 0, end);
      code = head.slice(9, 12);
      missing = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0) - (rest.length - end - 4);
      rest = Buffer.alloc(0);
    } else {
      missing -= chunk.length;
    }
    if (missing > 0) return;
    missing = -1;
    wanted.resolve(code);
  });
  return {
    async next() {
      const answer = await wanted.promise;
      wanted = awaited();
      return answer;
    },
  };
}

/** Whoever ends the connection itself waits for nothing more. */
function awaited(): PromiseWithResolvers<string> {
  const wanted = Promise.withResolvers<string>();
  wanted.promise.catch(() => {});
  return wanted;
}
