import { once } from 'node:events';
import { connect } from 'node:tls';
import type { Contender } from './servers.ts';

/**
 * Another webhook server that somebody else has started, at this origin, or at this path for all that it is asked. Its
 * certificate is nobody's business, and its CPU time nobody's knowledge. Rejects when nobody is there.
 */
export async function reachedPeer(url: URL): Promise<Contender> {
  const { hostname, port, pathname } = url;
  const place = { host: hostname, port: Number(port || 443) };
  try {
    const socket = connect({ ...place, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    socket.destroy();
  } catch (error) {
    throw new Error(`--peer: nobody answers at ${url.origin}: ${error instanceof Error ? error.message : error}`);
  }
  const target: Contender['target'] = ({ path, body }) => ({
    ...place,
    path: pathname === '/' ? path : pathname,
    body,
  });
  return { name: 'peer', isPortcullis: false, target, cpuMs: () => undefined };
}
