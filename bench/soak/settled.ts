import { setTimeout as pause } from 'node:timers/promises';
import { loaded } from '../serving/reviews.ts';
import { connected, type Peer, requestOf } from './connection.ts';
import { stateOf, workersIn } from './watch.ts';

/** What a server holds that nobody asks. */
export type Settled = ReturnType<typeof stateOf>;

const PATIENCE_MS = 15_000;
const LOOK_MS = 250;

/**
 * Waits, for 15 s at the most, until a server that nobody loads holds no more descriptors and processes than before, or
 * where there is no before, until these are the same for a second; and gives what it holds. A worker that helped out
 * goes with its next review, so there are some.
 */
export async function settled(pid: number, peer: Peer, before?: Settled): Promise<Settled> {
  const end = performance.now() + PATIENCE_MS;
  let unchanged = 0;
  let last = stateOf(pid);
  while (performance.now() < end) {
    await askAll(peer);
    await pause(LOOK_MS);
    const now = stateOf(pid);
    unchanged = isSame(now, last) ? unchanged + 1 : 0;
    last = now;
    if (before === undefined ? unchanged >= 4 : isWithin(now, before)) return now;
  }
  return last;
}

async function askAll(peer: Peer): Promise<void> {
  const connection = await connected(peer);
  for (const { path, body } of loaded) await connection.ask(requestOf(peer, path, body));
  connection.close();
}

function isSame(now: Settled, last: Settled): boolean {
  return now.descriptors === last.descriptors && workersIn(now) === workersIn(last);
}

function isWithin(now: Settled, before: Settled): boolean {
  return now.descriptors <= before.descriptors && workersIn(now) <= workersIn(before);
}
