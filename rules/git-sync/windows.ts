import type { Pod } from '../pod/types.ts';

/** Tells a pod for Windows nodes, by what it says of its system or of the nodes it selects. */
export function isWindows(pod: Pod): boolean {
  if (pod.spec?.os?.name === 'windows') return true;
  const labels: unknown = pod.spec?.nodeSelector;
  return (
    typeof labels === 'object' &&
    labels !== null &&
    'kubernetes.io/os' in labels &&
    labels['kubernetes.io/os'] === 'windows'
  );
}
