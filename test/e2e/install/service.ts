import { once } from 'node:events';
import { type AddressInfo, connect as connectTo, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../../../cluster/client.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Kubelet } from './kubelet.ts';

/** A stand-in for kube-proxy and one Service. */
export interface ServiceProxy {
  /** On 127.0.0.1. */
  readonly port: number;
  stop(): Promise<void>;
}

/** As kube-proxy, it learns of a change a moment after the Endpoints have changed: this long at most. */
const LATE_MS = 500;

interface Endpoints {
  readonly subsets?: readonly {
    readonly addresses?: readonly { readonly ip: string }[];
    readonly ports?: readonly { readonly port: number }[];
  }[];
}

/**
 * Forwards connections to the addresses in the Endpoints of this name, in turn, as the control plane's own controller
 * lists them: pods that are ready and do not end. A connection stays where it is until one of its ends closes it. While
 * there are no addresses connections are closed at once; kube-proxy would have them refused.
 */
export async function startService(plane: ControlPlane, kubelet: Kubelet, path: string): Promise<ServiceProxy> {
  const client = await connect({ kubeconfig: plane.kubeconfig, environment: {} });
  const stopping = new AbortController();
  const open = new Set<Socket>();
  let addresses: { readonly ip: string; readonly port: number }[] = [];
  let turn = 0;
  const server = createServer(forward).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const over = follow();
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      stopping.abort();
      server.close();
      for (const socket of open) socket.destroy();
      await over;
      client.close();
    },
  };

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      // Not there before the Service is, and after it has gone.
      const { subsets = [] } = (await client.request('GET', path).catch(() => ({}))) as Endpoints;
      addresses = subsets.flatMap(({ addresses = [], ports = [] }) =>
        addresses.flatMap(({ ip }) => ports.map(({ port }) => ({ ip, port }))),
      );
      await pause(LATE_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  function forward(near: Socket): void {
    turn++;
    const address = addresses[turn % addresses.length];
    const port = address === undefined ? undefined : kubelet.portOf(address.ip, address.port);
    if (port === undefined) {
      // Not resetAndDestroy: after some of those, Node 24 spins for ever when its process should end.
      near.destroy();
      return;
    }
    const far = connectTo(port, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
