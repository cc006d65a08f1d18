import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A review as the API server sent it, and what it was answered. */
export interface Recording {
  /** Of the URL, without its query. */
  readonly path: string;
  readonly request: Buffer;
  readonly status: number;
  readonly response: Buffer;
}

/** Stands between the API server and Portcullis, and changes nothing of what they say. */
export interface Recorder {
  /** Where the API server finds it: `https://127.0.0.1:PORT`. */
  readonly url: string;
  /** Where reviews go from now on: the URL of a Portcullis. */
  passOnTo(url: string): void;
  /** What was recorded since the last call, in the order in which the API server asked. */
  taken(): Recording[];
  /** Runs the work, and admits all that is asked meanwhile itself: Portcullis does not learn of it. */
  bypassed<T>(work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/** Starts it on a free port, with a serving certificate for 127.0.0.1 that `ca` has signed; all PEM. */
export async function startRecorder(pem: { ca: string; certificate: string; key: string }): Promise<Recorder> {
  const agent = new Agent({ ca: pem.ca, keepAlive: true });
  let target = '';
  let isBypassed = false;
  let recordings: { path: string; request: Buffer; answer?: { status: number; response: Buffer } }[] = [];
  const server = createServer({ cert: pem.certificate, key: pem.key }, (incoming, outgoing) => {
    answer(incoming, outgoing).catch((error) => outgoing.destroy(error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passOnTo: (url) => {
      target = url;
    },
    taken,
    async bypassed(work) {
      isBypassed = true;
      try {
        return await work();
      } finally {
        isBypassed = false;
      }
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const isAdmitted = isBypassed;
    const { pathname } = new URL(incoming.url ?? '', 'https://recorder');
    const recording: (typeof recordings)[number] = { path: pathname, request: Buffer.alloc(0) };
    // At once, since validating webhooks are asked at the same time, and answered in any order.
    if (!isAdmitted) recordings.push(recording);
    recording.request = await buffer(incoming);
    if (isAdmitted) {
      outgoing.setHeader('content-type', 'application/json').end(admission(recording.request));
      return;
    }
    const { status, headers, response } = await passedOn(incoming, recording.request);
    recording.answer = { status, response };
    outgoing.writeHead(status, headers).end(response);
  }

  async function passedOn({ url = '', method = '', headers }: IncomingMessage, body: Buffer) {
    const passed = request(new URL(url, target), { agent, method, headers });
    passed.end(body);
    const [answer] = (await once(passed, 'response')) as [IncomingMessage];
    return { status: answer.statusCode ?? 0, headers: answer.headers, response: await buffer(answer) };
  }

  function taken(): Recording[] {
    const all = recordings.map(({ answer, ...asked }) => {
      if (answer === undefined) throw new Error(`${asked.path} was asked, and has not been answered`);
      return { ...asked, ...answer };
    });
    recordings = [];
    return all;
  }
}

function admission(body: Buffer): string {
  const { apiVersion, kind, request } = JSON.parse(body.toString());
  return JSON.stringify({ apiVersion, kind, response: { uid: request.uid, allowed: true } });
}
