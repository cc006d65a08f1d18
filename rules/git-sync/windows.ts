import type { Pod } from '../pod/types.ts';

/** The label of a node's system, and the one that it had before: kubelets gave nodes both until 1.22. */
const LABELS = ['kubernetes.io/os', 'beta.kubernetes.io/os'];

/** Tells a pod for Windows nodes, by what it says of its system or of the nodes it selects. */
export function isWindows(pod: Pod): boolean {
  if (pod.spec?.os?.name === 'windows') return true;
  const selected: unknown = pod.spec?.nodeSelector;
  if (typeof selected !== 'object' || selected === null) return false;
  return LABELS.some((label) => (selected as { [label: string]: unknown })[label] === 'windows');
}
