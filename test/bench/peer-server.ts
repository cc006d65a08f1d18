import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { anotherCertificate } from '../server/serving.ts';

/** A webhook server that is not ours. */
export interface PeerServer {
  readonly port: number;
  /** The paths that it was asked at. */
  readonly paths: ReadonlySet<string>;
}

/** What it answers to a review. */
export interface PeerAnswer {
  readonly status?: number;
  readonly body: string;
}

/** Serves until the test ends, on a free port of 127.0.0.1; `answer` says what comes of a path and a body of that size. */
export async function peerServer(
  t: TestContext,
  answer: (asked: { readonly path: string; readonly bytes: number }) => PeerAnswer,
): Promise<PeerServer> {
  const paths = new Set<string>();
  const server = createServer(await anotherCertificate(), async (request, response) => {
    const path = request.url ?? '';
    paths.add(path);
    let bytes = 0;
    for await (const chunk of request) bytes += chunk.length;
    const { status = 200, body } = answer({ path, bytes });
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, paths };
}

/** An answer that allows, and edits where there is a patch. */
export function allowing(patch?: string): PeerAnswer {
  const response = { uid: 'x', allowed: true, ...(patch === undefined ? {} : { patchType: 'JSONPatch', patch }) };
  return { body: JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response }) };
}
