import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { watchCertificateFiles } from '../../certs/files.ts';
import { emptyFolder } from './empty-folder.ts';
import { another } from './files-server.ts';
import type { Made } from './made.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';

/** A watched folder in which time passes, and events are told, when a test says so. */
export interface FilesByHand {
  readonly folder: string;
  /** The pair that lay there first. */
  readonly first: Made;
  readonly clock: ManualClock;
  /** The texts of the certificates that were handed over, in their order. */
  readonly applied: readonly string[];
  readonly errors: readonly string[];
  /** Writes tls.crt, tls.key or both. */
  write(files: Partial<Made>): Promise<void>;
  /** What the file system does where it tells of changes. */
  tell(): void;
  stop(): void;
}

/** Watches a new folder with `first` in it until the test ends; `onChange` may throw, and then nothing is applied. */
export async function filesByHand(
  t: TestContext,
  { first = another(), onChange = () => {} }: { first?: Made; onChange?: (cert: string) => void } = {},
): Promise<FilesByHand> {
  const folder = join(await emptyFolder(t), 'certs');
  await mkdir(folder);
  const write: FilesByHand['write'] = async ({ cert, key }) => {
    if (cert !== undefined) await writeFile(join(folder, 'tls.crt'), cert);
    if (key !== undefined) await writeFile(join(folder, 'tls.key'), key);
  };
  await write(first);
  const clock = manualClock(Date.now());
  const applied: string[] = [];
  const errors: string[] = [];
  let tell = () => {};
  const { stop } = await watchCertificateFiles({
    folder,
    names: ['localhost'],
    onChange({ cert }) {
      onChange(cert);
      applied.push(cert);
    },
    onError: ({ message }) => errors.push(message),
    time: clock,
    watch(_, onEvent) {
      tell = onEvent;
      return { refresh() {}, close() {} };
    },
  });
  t.after(stop);
  await clock.advance(0);
  return { folder, first, clock, applied, errors, write, tell: () => tell(), stop };
}
