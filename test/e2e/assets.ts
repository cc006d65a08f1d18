import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The folder of the control plane's programs, named by envtest's variable: etcd, kube-apiserver, kubectl and, beyond
 * what envtest itself needs, kube-controller-manager. Undefined where the variable is unset or empty.
 */
export const assets = process.env.KUBEBUILDER_ASSETS || undefined;

/** For the `skip` of node:test: false where there is a control plane to try things on, else the reason. */
export const withoutAssets: string | false =
  assets === undefined && 'KUBEBUILDER_ASSETS is not set: no real API server to try this on (see CONTRIBUTING.md)';

/**
 * The path of one of the programs. Rejects, naming what is wrong, when it is not there or may not be executed: a
 * folder that was named and is incomplete is a broken set-up, and skipping would hide it.
 */
export async function programPath(name: string, folder = assets): Promise<string> {
  if (folder === undefined) throw new Error(`${withoutAssets}`);
  const path = join(folder, name);
  try {
    await access(path, constants.X_OK);
  } catch (error) {
    throw new Error(`KUBEBUILDER_ASSETS names ${folder}, which has no ${name} to execute`, { cause: error });
  }
  return path;
}
