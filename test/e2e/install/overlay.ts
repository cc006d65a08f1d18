import { mkdtemp, readFile, realpath, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { ControlPlane } from '../control-plane.ts';

/** The Service that a stand-in for kube-proxy follows in place of `portcullis`. */
export const PODS_SERVICE = 'portcullis-pods';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly webhooks?: readonly unknown[];
}

/**
 * Makes a kustomization over manifests, the least that lets this machine's API server reach pods which have no network:
 * the Service `portcullis` is a name for 127.0.0.1 (its pods are listed by a copy of it), and the webhooks name the port
 * at which `servicePort` forwards to them. All else is as the manifests have it; with `as`, changed as that other overlay
 * changes its base. Gives its folder, for `kubectl -k`.
 */
export async function overlayOf(
  plane: ControlPlane,
  manifests: { readonly folder: string; readonly as?: string } | { readonly yaml: string },
  servicePort: number,
): Promise<string> {
  // Kustomize compares real paths, and takes relative ones alone.
  const own = await mkdtemp(join(await realpath(plane.folder), 'overlay-'));
  if ('yaml' in manifests) await writeFile(join(own, 'manifests.yaml'), manifests.yaml);
  const base = 'yaml' in manifests ? 'manifests.yaml' : relative(own, await realpath(manifests.folder));
  const text = 'yaml' in manifests ? manifests.yaml : (await plane.succeeded(['kustomize', manifests.folder])).stdout;
  const objects: readonly (Manifest | null)[] = parseAllDocuments(text).map((document) => document.toJS());
  const resources = [base];
  const changes = 'as' in manifests && manifests.as !== undefined ? await changesOf(manifests.as, own) : NO_CHANGES;
  const patches = [...changes.patches];
  for (const object of objects) {
    if (object === null) continue;
    const target = { kind: object.kind, name: object.metadata.name };
    const patch = (operations: readonly object[]) => patches.push({ target, patch: JSON.stringify(operations) });
    if (object.kind === 'Service' && object.metadata.name === 'portcullis') {
      const pods = { ...object, metadata: { ...object.metadata, name: PODS_SERVICE } };
      await writeFile(join(own, 'pods.yaml'), JSON.stringify(pods));
      resources.push('pods.yaml');
      patch([
        { op: 'add', path: '/spec/type', value: 'ExternalName' },
        { op: 'add', path: '/spec/externalName', value: '127.0.0.1' },
      ]);
    } else if (object.webhooks !== undefined && object.webhooks.length > 0) {
      const path = (i: number) => `/webhooks/${i}/clientConfig/service/port`;
      patch(object.webhooks.map((_, i) => ({ op: 'replace', path: path(i), value: servicePort })));
    }
  }
  await writeFile(join(own, 'kustomization.yaml'), JSON.stringify({ ...changes, resources, patches }));
  return own;
}

interface Changes {
  readonly components: readonly string[];
  readonly patches: readonly object[];
}

const NO_CHANGES: Changes = { components: [], patches: [] };

/** What an overlay does besides naming its base. */
async function changesOf(overlay: string, from: string): Promise<Changes> {
  const text = await readFile(join(overlay, 'kustomization.yaml'), 'utf8');
  const { components = [], patches = [] }: Partial<Changes> = parse(text);
  const real = await realpath(overlay);
  return { components: components.map((path) => relative(from, join(real, path))), patches };
}
