import type { KubeVersion } from '../webhook/kube-version.ts';
import { kubeVersion } from './manifests/kube-version.ts';
import type { Flags, Given } from './usage.ts';

/** The flag of commands that ask no cluster, and are told what one would say. */
export const KUBE_VERSION_FLAG: Flags = {
  'kube-version': {
    value: 'VERSION',
    does: 'of the API server, for rules and registration (default: unknown; the newest)',
  },
};

/** What it says; undefined where it is not given. Throws UsageError for a version that none has. */
export function versionGiven({ flags }: Given): KubeVersion | undefined {
  const text = flags['kube-version']?.at(-1);
  return text === undefined ? undefined : kubeVersion(text);
}
