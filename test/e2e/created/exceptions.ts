/**
 * The admitted cases that are refused on an API server 1.20, and what kubectl then says, besides those that it refuses itself
 * (agreement/exceptions.ts): it does not know native sidecars, so that git-sync as one is an init container to it that never ends.
 */
export const NOT_CREATED: { readonly [name: string]: RegExp } = {
  'git-sync/leaves-a-native-sidecar-alone-where-the-version-is-not-known':
    /^The Pod "kubia" is invalid: spec\.initContainers\[0\]\.name: Invalid value: "git-sync": is the name of the container /,
};

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
