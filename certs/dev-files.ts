import { chmod, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** In the order in which they are replaced: a crash in between leaves a pair that does not match, which is seen. */
const fileNames = ['ca.key', 'ca.crt', 'tls.key', 'tls.crt'] as const;

/** The texts of mode `dev`'s files. */
export type Files = { readonly [name in (typeof fileNames)[number]]: string };

/** Reads the folder's files. One that is missing or cannot be read is '': to be replaced, as a damaged one is. */
export async function read(folder: string): Promise<Files> {
  const text = (name: keyof Files) => readFile(join(folder, name), 'utf8').catch(() => '');
  return {
    'ca.key': await text('ca.key'),
    'ca.crt': await text('ca.crt'),
    'tls.key': await text('tls.key'),
    'tls.crt': await text('tls.crt'),
  };
}

/**
 * Replaces the files given and leaves the others; keys get mode 0600. A reader sees each file whole, old or new.
 * `scratch` is an empty folder on the same file system.
 */
export async function replace(folder: string, scratch: string, files: Partial<Files>): Promise<void> {
  const changed = fileNames.flatMap((name) => (files[name] === undefined ? [] : [{ name, text: files[name] }]));
  for (const { name, text } of changed) {
    await writeFile(join(scratch, name), text, { mode: name.endsWith('.key') ? 0o600 : 0o644, flag: 'wx' });
  }
  for (const { name } of changed) await rename(join(scratch, name), join(folder, name));
}

/** Gives the keys mode 0600 where somebody has given others access. */
export async function closeKeys(folder: string): Promise<void> {
  for (const file of [join(folder, 'ca.key'), join(folder, 'tls.key')]) {
    if (((await stat(file)).mode & 0o077) !== 0) await chmod(file, 0o600);
  }
}
