import assert from 'node:assert/strict';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { programPath } from '../e2e/assets.ts';
import { ran } from '../e2e/ran.ts';
import { documents, type Printed } from './printed.ts';

const root = resolve(import.meta.dirname, '../..');

/** The folders that install a server. */
export const SERVERS: readonly string[] = [
  'manifests/server',
  'manifests/overlays/cert-manager/server',
  'manifests/overlays/kube-1.20/server',
  'manifests/overlays/kube-1.21/server',
  'manifests/overlays/zero-privilege/server',
  'examples/install',
];

/** What `kubectl kustomize` makes of a folder: of the repository, or of a copy of it. Fails at a warning. */
export async function built(folder: string, from = root): Promise<Printed[]> {
  const { code, stdout, stderr } = await ran(await programPath('kubectl'), ['kustomize', join(from, folder)], {});
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  return documents(stdout);
}

/** A copy of manifests/ and examples/ to add a user's own files to: names, below the copy, and texts. */
export async function copyWith(t: TestContext, files: { readonly [name: string]: string }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-manifests-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const name of ['manifests', 'examples']) await cp(join(root, name), join(folder, name), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}
