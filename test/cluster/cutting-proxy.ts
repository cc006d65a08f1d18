import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** Stands between a client and a server, and breaks their connections when told. */
export interface CuttingProxy {
  readonly port: number;
  /** Breaks all that are open, each after `bytes` more from the server; gives how many there were. */
  cut(bytes: number): number;
}

/** Passes on to a port of 127.0.0.1, until the test ends. */
export async function cuttingProxy(t: TestContext, target: number): Promise<CuttingProxy> {
  const pairs = new Set<{ left: number; readonly sockets: readonly Socket[] }>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    const pair = { left: Number.POSITIVE_INFINITY, sockets: [client, upstream] };
    const end = () => {
      for (const socket of pair.sockets) socket.destroy();
      pairs.delete(pair);
    };
    pairs.add(pair);
    for (const socket of pair.sockets) socket.on('error', end).on('close', end);
    client.pipe(upstream);
    upstream.on('data', (chunk) => {
      client.write(chunk.subarray(0, pair.left));
      pair.left -= chunk.length;
      if (pair.left <= 0) end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    cut(0);
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, cut };

  function cut(bytes: number): number {
    const count = pairs.size;
    for (const pair of pairs) {
      pair.left = bytes;
      if (bytes === 0) for (const socket of pair.sockets) socket.destroy();
    }
    return count;
  }
}
