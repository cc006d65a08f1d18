import { isAtLeast, type KubeVersion } from '../../author.ts';
import type { Container, Pod } from '../pod/types.ts';
import type { Asked } from './asked.ts';
import type { Settings } from './settings.ts';

/**
 * How git-sync runs. `native`: an init container that runs on, started before the pod's others and stopped after them
 * (KEP-753). `classic`: a container beside them. `once`: an init container that fetches and ends.
 */
export type Mode = 'native' | 'classic' | 'once';

/** From here on every kubelet knows native sidecars: it may be three minors older, and they are on from 1.29. */
const NATIVE: KubeVersion = { major: 1, minor: 32 };

/**
 * The mode of a pod that has no git-sync yet. Where native sidecars are not known to be there (no cluster is asked, or
 * its API server is older), a pod that ends by itself gets its content once: a container that never ends would keep it
 * from ever completing.
 */
export function modeFor(
  pod: Pod,
  { once }: Asked,
  { sidecar, kubeVersion }: Pick<Settings, 'sidecar'> & { readonly kubeVersion: KubeVersion | undefined },
): Mode {
  if (once) return 'once';
  const isKnown = kubeVersion !== undefined && isAtLeast(kubeVersion, NATIVE);
  if (sidecar === 'native' || (sidecar === 'auto' && isKnown)) return 'native';
  return endsByItself(pod) ? 'once' : 'classic';
}

/**
 * Tells whether a container in this mode does what the pod asks for, whoever chose it: another replica may know another
 * version of the API server, and a pod may have been copied from another cluster.
 */
export function suits(mode: Mode, pod: Pod, { once }: Asked): boolean {
  if (once) return mode === 'once';
  return mode === 'native' || mode === (endsByItself(pod) ? 'once' : 'classic');
}

/** The mode that a container runs in, by its place. */
export function modeOf({ restartPolicy }: Pick<Container, 'restartPolicy'>, list: string): Mode {
  if (list !== 'initContainers') return 'classic';
  return restartPolicy === 'Always' ? 'native' : 'once';
}

/** Tells a pod, a Job's most often, that is over when its containers have ended. */
export function endsByItself(pod: Pod): boolean {
  return pod.spec?.restartPolicy === 'Never' || pod.spec?.restartPolicy === 'OnFailure';
}
