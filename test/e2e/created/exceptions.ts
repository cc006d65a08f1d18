/**
 * The admitted cases that are about an API server newer than 1.20, whose pods have what 1.20 does not know, so that none is
 * created. What 1.20 refuses is in the agreement's table.
 */
export const NEWER: readonly string[] = [];

/**
 * What is in a stored pod that neither its author nor a patch put there, and that was not there when webhooks were asked: defaults
 * of what the patches added, what 1.20 notes besides of seccomp profiles, and the status.
 */
export const FILLED_IN: readonly string[] = [
  'metadata.annotations.container.seccomp.security.alpha.kubernetes.io/git-sync',
  'metadata.annotations.seccomp.security.alpha.kubernetes.io/pod',
  'spec.containers[].imagePullPolicy',
  'spec.containers[].startupProbe.successThreshold',
  'spec.containers[].terminationMessagePath',
  'spec.initContainers[].imagePullPolicy',
  'spec.initContainers[].terminationMessagePath',
  'spec.volumes[].secret.defaultMode',
  'status.phase',
  'status.qosClass',
];
