import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readlink, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Made } from './made.ts';

/** Puts a pair into the folder, whatever is there. */
export type Replace = (folder: string, pair: Made) => Promise<void>;

/** The ways in which files are replaced. */
export const ways: { readonly [sentence: string]: Replace } = {
  'the kubelet swaps ..data': swapped,
  'each file is renamed over': renamedOver,
  'each file is written in its place': writtenInPlace,
  'each file is removed and made anew': madeAnew,
  'the key comes before its certificate': (folder, { cert, key }) =>
    inOrder(folder, [
      ['tls.key', key],
      ['tls.crt', cert],
    ]),
  'the folder is removed and made anew': async (folder, pair) => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    await written(folder, pair);
  },
  'another folder takes its place': async (folder, pair) => {
    const next = `${folder}-${randomUUID()}`;
    await mkdir(next);
    await written(next, pair);
    await rm(folder, { recursive: true, force: true });
    await rename(next, folder);
  },
};

/** As the kubelet writes a volume (pkg/volume/util/atomic_writer.go): links through ..data, a link that is renamed over. */
async function swapped(folder: string, pair: Made): Promise<void> {
  const data = join(folder, '..data');
  const before = await readlink(data).catch(() => undefined);
  const next = `..${randomUUID()}`;
  await mkdir(join(folder, next));
  await written(join(folder, next), pair);
  await linked(next, data);
  for (const name of ['tls.crt', 'tls.key']) {
    const stat = await lstat(join(folder, name)).catch(() => undefined);
    if (!stat?.isSymbolicLink()) await linked(`..data/${name}`, join(folder, name));
  }
  if (before !== undefined) await rm(join(folder, before), { recursive: true });
}

async function linked(target: string, path: string): Promise<void> {
  await symlink(target, `${path}_tmp`);
  await rename(`${path}_tmp`, path);
}

async function renamedOver(folder: string, { cert, key }: Made): Promise<void> {
  await inOrder(folder, [
    ['tls.crt', cert],
    ['tls.key', key],
  ]);
}

async function inOrder(folder: string, files: readonly (readonly [name: string, text: string])[]): Promise<void> {
  for (const [name, text] of files) {
    await writeFile(join(folder, `.${name}.new`), text);
    await rename(join(folder, `.${name}.new`), join(folder, name));
  }
}

/** Cut to nothing, then written in pieces, as a shell's > does: whoever reads meanwhile sees a half. */
async function writtenInPlace(folder: string, { cert, key }: Made): Promise<void> {
  for (const [name, text] of [
    ['tls.crt', cert],
    ['tls.key', key],
  ] as const) {
    const file = await open(join(folder, name), 'w');
    for (const piece of text.match(/.{1,100}/gs) ?? []) await file.write(piece);
    await file.close();
  }
}

async function madeAnew(folder: string, pair: Made): Promise<void> {
  for (const name of ['tls.crt', 'tls.key']) await unlink(join(folder, name));
  await written(folder, pair);
}

async function written(folder: string, { cert, key }: Made): Promise<void> {
  await writeFile(join(folder, 'tls.crt'), cert);
  await writeFile(join(folder, 'tls.key'), key);
}
