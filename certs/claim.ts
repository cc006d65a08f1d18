import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/**
 * Runs `work` while no other process that asks for the same folder runs its own. `work` is handed a scratch folder
 * (0700, on the same file system) that is gone afterwards. A claim that its holder left behind is broken after
 * `patience` milliseconds in which it stayed the same. A holder that only slept then meets ENOENT in its scratch folder,
 * or takes the next holder's away: whoever does is to look again and ask anew.
 */
export async function claimed<T>(folder: string, work: (scratch: string) => Promise<T>, patience = 5000): Promise<T> {
  const claim = join(folder, '.issuing');
  await take(claim, patience);
  try {
    return await work(claim);
  } finally {
    await rm(claim, { recursive: true, force: true });
  }
}

async function take(claim: string, patience: number): Promise<void> {
  let holder = '';
  let waited = 0;
  while (!(await made(claim))) {
    const current = await identity(claim);
    waited = current === holder ? waited + pause : 0;
    holder = current;
    if (waited >= patience) await discard(claim);
    else await setTimeout(pause);
  }
}

/** Milliseconds between two looks; a holder is done in about 50. */
const pause = 20;

// Making a folder either makes it or fails, for one of any number of processes, on every file system.
async function made(claim: string): Promise<boolean> {
  try {
    await mkdir(claim, { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function identity(claim: string): Promise<string> {
  const found = await stat(claim, { bigint: true }).catch(() => undefined);
  return found === undefined ? '' : `${found.ino} ${found.birthtimeNs}`;
}

// Renamed first: of several that have lost their patience, one succeeds, and nobody deletes what it makes next.
async function discard(claim: string): Promise<void> {
  const aside = `${claim}-${randomUUID()}`;
  await rename(claim, aside).catch(() => undefined);
  await rm(aside, { recursive: true, force: true });
}
