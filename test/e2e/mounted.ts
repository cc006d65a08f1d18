import { chmod, mkdir, mkdtemp, readdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/**
 * Lays files out in a folder as the kubelet does for a ConfigMap or a Secret (pkg/volume/util/atomic_writer.go): they
 * lie in a folder named by the time, `..data` is a link to that, and each name is a link to its file through `..data`.
 * Called again it replaces all files at once, by a rename of `..data`.
 */
export async function mounted(folder: string, files: { readonly [name: string]: string | Buffer }): Promise<void> {
  await mkdir(folder, { recursive: true });
  const data = join(folder, '..data');
  const before = await readlink(data).catch(() => undefined);
  const now = await mkdtemp(join(folder, `..${new Date().toISOString().replace(/\W/g, '_')}.`));
  // Whoever the container runs as reads them.
  await chmod(now, 0o755);
  for (const [name, content] of Object.entries(files)) await writeFile(join(now, name), content, { mode: 0o644 });
  await symlink(basename(now), `${data}_tmp`);
  await rename(`${data}_tmp`, data);
  const linked = (await readdir(folder)).filter((name) => !name.startsWith('..'));
  const isGiven = (name: string): boolean => Object.hasOwn(files, name);
  for (const name of Object.keys(files).filter((name) => !linked.includes(name))) {
    await symlink(join('..data', name), join(folder, name));
  }
  for (const name of linked.filter((name) => !isGiven(name))) await rm(join(folder, name));
  if (before !== undefined) await rm(join(folder, before), { recursive: true });
}
