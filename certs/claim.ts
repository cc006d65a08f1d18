import { randomUUID } from 'node:crypto';
import { renameSync, statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
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
  let holder: string | undefined;
  let waited = 0;
  while (!(await made(claim))) {
    const current = identity(claim);
    waited = current !== undefined && current === holder ? waited + pause : 0;
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

function identity(claim: string): string | undefined {
  const found = statSync(claim, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.ino} ${found.birthtimeNs}`;
}

// Of several that have lost their patience, one succeeds. The claim is renamed in the same go in which it was looked at,
// lest the next one, made in between, be taken for the one left behind.
async function discard(claim: string): Promise<void> {
  const aside = `${claim}-${randomUUID()}`;
  try {
    renameSync(claim, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await rm(aside, { recursive: true, force: true });
}
