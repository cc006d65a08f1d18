import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { How } from '../cli/portcullis.ts';
import { mounted } from '../e2e/mounted.ts';
import { ofKind, type Printed } from './printed.ts';

/**
 * How to run a command as `kubectl exec` would in the Deployment's pod: with the environment of its container, and its
 * ConfigMaps as the kubelet mounts them. They lie below a folder, and so do the paths that the environment names.
 */
export async function inPod(folder: string, manifests: readonly Printed[]): Promise<How> {
  const { volumes = [], containers } = ofKind('Deployment', manifests).spec.template.spec;
  const [{ env, volumeMounts = [] }] = containers;
  const paths: string[] = [];
  for (const { name, mountPath, readOnly } of volumeMounts) {
    const { configMap } = volumes.find((volume: Printed) => volume.name === name);
    if (configMap === undefined) continue;
    assert.equal(readOnly, true, mountPath);
    const found = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMap.name);
    assert.ok(found, `there is a ConfigMap ${configMap.name}`);
    await mounted(join(folder, mountPath), found.data);
    paths.push(mountPath);
  }
  const here = (value: string): string =>
    value
      .split(',')
      .map((path) => (paths.some((mountPath) => path.startsWith(mountPath)) ? join(folder, path) : path))
      .join(',');
  const environment = env.map(({ name, value, valueFrom }: Printed) => [
    name,
    valueFrom === undefined ? here(value) : ofKind('Deployment', manifests).metadata.namespace,
  ]);
  return { cwd: folder, environment: Object.fromEntries(environment) };
}
