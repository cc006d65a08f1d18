import type { Socket } from 'node:net';

/** Tells the connections that have been there long enough. */
export type Ageing = (socket: Socket) => boolean;

/**
 * API servers before 1.37 keep a connection for as long as it is used, all reviews on one of them to one replica, so that
 * a new replica would get none. Each connection gets an age of its own, from three quarters of `milliseconds` to all of
 * it, so that those that began together do not end together; the answer after it closes the connection, and the next
 * review opens another, to whichever replica. `now` is in milliseconds, from whenever.
 */
export function ageing(milliseconds: number, now: () => number, random: () => number = Math.random): Ageing {
  const ends = new WeakMap<Socket, number>();
  return (socket) => {
    const end = ends.get(socket);
    if (end !== undefined) return now() >= end;
    ends.set(socket, now() + milliseconds * (1 - random() / 4));
    return false;
  };
}
