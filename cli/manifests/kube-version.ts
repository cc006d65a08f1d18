import {
  type KubeVersion,
  kubeVersionIn,
  NEWEST_KUBE_VERSION,
  OLDEST_KUBE_VERSION,
  versionText,
} from '../../webhook/kube-version.ts';
import { UsageError } from '../usage.ts';

/** The version that manifests are for: 1.28, v1.28.3+k3s1; the newest known unless said. Throws UsageError for others. */
export function kubeVersion(given: string | undefined): KubeVersion {
  if (given === undefined) return NEWEST_KUBE_VERSION;
  const version = kubeVersionIn(given);
  if (version !== undefined) return version;
  throw new UsageError(
    `--kube-version must be like 1.28, and ${versionText(OLDEST_KUBE_VERSION)} or later, not "${given}"`,
  );
}
