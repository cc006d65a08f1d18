import { once } from 'node:events';
import { type IncomingMessage, request as requestInTheClear } from 'node:http';
import { type RequestOptions, request } from 'node:https';

/** An HTTP answer whose body is still to be read. */
export interface Answer {
  readonly status: number;
  readonly body: IncomingMessage;
}

/**
 * Sends one request to a server, whose URL may have a path of its own, and gives the head of its answer. A read whose
 * kept connection turns out to be closed is sent once more. Rejects with the system's error, named by the server.
 */
export async function exchange(server: string, options: RequestOptions, body = ''): Promise<Answer> {
  const { protocol, hostname, port, pathname } = new URL(server);
  const send = protocol === 'https:' ? request : requestInTheClear;
  const path = `${pathname.replace(/\/$/, '')}${options.path}`;
  for (let attempt = 1; ; attempt++) {
    // An IPv6 address is in brackets in a URL, and nowhere else.
    const sent = send({ ...options, hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port, path });
    // What breaks after the head is told to the body's reader; while ours is still being sent, here too, and unheard it
    // would end the process.
    sent.on('error', () => {});
    sent.end(body);
    try {
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      return { status: answer.statusCode ?? 0, body: answer };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const wasClosed = sent.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE');
      if (wasClosed && options.method === 'GET' && attempt === 1 && !options.signal?.aborted) continue;
      throw new Error(`${server} cannot be reached: ${message || code}`, { cause: error });
    }
  }
}

/** The whole body as text. Rejects when it breaks off, and when it is over 256 MiB: a pod's memory ends there. */
export async function textOf({ body }: Answer): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error('the answer is over 256 MiB, and was not read');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

const MOST_BYTES = 256 * 1024 * 1024;
