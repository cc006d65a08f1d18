import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { eventually } from '../eventually.ts';
import { ran } from '../ran.ts';
import type { Place } from './place.ts';
import type { Replica } from './replica.ts';

/**
 * The process ids of the workers that a replica has, or had when it ended: each is told what the server was told, and no
 * two replicas have a port in common.
 */
export async function workersOf({ port }: Pick<Replica, 'port'>): Promise<readonly number[]> {
  const { code, stdout, stderr } = await ran('ps', ['-A', '-ww', '-o', 'pid=', '-o', 'args='], {
    PATH: process.env.PATH,
  });
  assert.equal(code, 0, stderr);
  const theirs = stdout
    .split('\n')
    .filter((line) => line.includes('rule-worker') && line.includes(`"port":["${port}"]`));
  return theirs.map((line) => Number.parseInt(line, 10));
}

/**
 * Sends SIGTERM to a replica, which has to end in good order and to leave no worker behind; those that it has left are
 * ended, so that nothing stays of a test that fails.
 */
export async function endedWithWorkers(place: Place, replica: Replica): Promise<void> {
  assert.equal((await workersOf(replica)).length >= 2, true, 'it has workers');
  try {
    assert.equal(await place.end(replica), 0, replica.log());
    await eventually(
      'its workers are gone',
      async () => (await workersOf(replica)).length === 0 || undefined,
      PROMPTLY,
    );
  } finally {
    killed(await workersOf(replica));
  }
}

const PROMPTLY = { timeoutMs: 5000 };

/** Ends these processes, which may have ended meanwhile, with SIGKILL. */
export function killed(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ESRCH');
    }
  }
}

/** The process ids of the workers that have been at a page which names this file, in their order. */
export function workersIn(file: string): readonly number[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number);
}
