import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { openReview } from './open-review.ts';
import type { Replica } from './replica.ts';

/** What stands for a Service: connections to one port of 127.0.0.1 go to the replicas that are ready, in turn. */
export interface Balancer {
  readonly port: number;
  /** Replicas are asked for their readiness from now on. */
  add(replica: Replica): void;
  remove(replica: Replica): void;
  /** How many reviews a replica had not answered when it broke off their connections. */
  lost(replica: Replica): number;
  /** How many connections a replica did not accept although it had last said that it is ready. */
  refused(replica: Replica): number;
  stop(): Promise<void>;
}

/** As often are replicas asked whether they are ready. */
const PROBED_MS = 100;

/**
 * Starts it. A connection stays where it is until one of its ends closes it; one that a replica does not accept goes to
 * the next, where kube-proxy would know of no other. While nobody is ready, connections are closed at once, where kube-proxy would refuse them.
 */
export async function startBalancer(): Promise<Balancer> {
  const ready = new Map<Replica, boolean>();
  const lost = new Map<Replica, number>();
  const refused = new Map<Replica, number>();
  const open = new Set<Socket>();
  let turn = 0;
  let isOver = false;
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (near) => {
    const all = [...ready].filter(([, isReady]) => isReady).map(([replica]) => replica);
    const first = turn++ % Math.max(1, all.length);
    track(near);
    lead(near, [...all.slice(first), ...all.slice(0, first)]);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    add(replica) {
      ready.set(replica, false);
      void probe(replica);
    },
    remove: (replica) => void ready.delete(replica),
    lost: (replica) => lost.get(replica) ?? 0,
    refused: (replica) => refused.get(replica) ?? 0,
    async stop() {
      isOver = true;
      const closed = once(server.close(), 'close');
      for (const socket of open) socket.destroy();
      await closed;
    },
  };

  async function probe(replica: Replica): Promise<void> {
    while (!isOver && ready.has(replica)) {
      const isReady = await replica.isReady();
      if (ready.has(replica)) ready.set(replica, isReady);
      await pause(PROBED_MS);
    }
  }

  function lead(near: Socket, [replica, ...others]: readonly Replica[]): void {
    if (replica === undefined) {
      near.destroy();
      return;
    }
    const far = connect({ port: replica.port, host: '127.0.0.1', allowHalfOpen: true });
    const next = () => {
      refused.set(replica, (refused.get(replica) ?? 0) + 1);
      lead(near, others);
    };
    far.once('error', next);
    far.once('connect', () => {
      far.off('error', next);
      track(far);
      join(near, far, replica);
    });
  }

  function join(near: Socket, far: Socket, replica: Replica): void {
    const review = openReview();
    let isBrokenOff = false;
    let isOver = false;
    // What is sent to one that has broken off counts too: whoever sent it did not know yet.
    const count = () => {
      if (!isBrokenOff || isOver || !review.isOpen) return;
      isOver = true;
      lost.set(replica, (lost.get(replica) ?? 0) + 1);
    };
    near.on('data', (bytes) => {
      review.asked(bytes);
      count();
      if (far.writable) far.write(bytes);
    });
    far.on('data', (bytes) => {
      review.answered(bytes);
      near.write(bytes);
    });
    far.on('end', breakOff).on('close', breakOff);
    near.on('end', leave).on('close', leave);
    near.on('close', () => far.destroy());
    near.resume();

    function breakOff(): void {
      isBrokenOff = true;
      count();
      near.end();
    }

    /** Whoever asks no more waits for nothing. */
    function leave(): void {
      if (!isBrokenOff) isOver = true;
      far.end();
    }
  }

  function track(socket: Socket): void {
    open.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  }
}
