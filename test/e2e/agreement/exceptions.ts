/**
 * The cases that an API server 1.20 refuses itself, and what kubectl then prints. What webhooks are asked before that agrees
 * all the same.
 */
export const REFUSED: { readonly [name: string]: RegExp } = {
  'downward-api/leaves-a-pod-without-containers-to-the-api-server':
    /^The Pod "kubia" is invalid: spec\.containers: Required value\n$/,
  'git-sync/leaves-a-pod-without-containers-to-the-api-server':
    /^The Pod "kubia" is invalid: spec\.containers: Required value\n$/,
  // Of init containers it knows none that run on, and only such have probes.
  'git-sync-present/admits-a-native-sidecar-in-the-pod-of-a-job-that-asks-for-a-sidecar':
    /^The Pod "kubia" is invalid: spec\.initContainers\[0\]\.startupProbe: Invalid value: .*: must not be set for init containers\n$/s,
  // Users may have at most 2^31 - 1 numbers: the cases are about later fields that have more.
  'downward-api/leaves-big-numbers-and-fields-that-it-does-not-know-as-they-are':
    /^The Pod "kubia" is invalid: \n(.*\n)*\* spec\.securityContext\.runAsUser: Invalid value: 9007199254740993: must be between /,
  'git-sync/leaves-big-numbers-and-fields-that-it-does-not-know-as-they-are':
    /^The Pod "kubia" is invalid: \n(.*\n)*\* spec\.securityContext\.runAsUser: Invalid value: 9007199254740993: must be between /,
};

/**
 * What an API server 1.20 does not send of a case's object. Null and empty lists are in no Pod that it sends, and of later
 * fields it does not know. Such a case agrees without them.
 */
export const LOST: { readonly [name: string]: readonly string[] } = {
  'downward-api/adds-them-to-every-container-and-init-container': ['spec.initContainers[1].restartPolicy'],
  'downward-api/adds-to-a-pod-for-windows-and-of-the-host-network': ['spec.os'],
  'downward-api/adds-to-containers-where-init-containers-are-null': ['spec.initContainers'],
  'downward-api/adds-variables-where-they-are-null-or-none': ['spec.containers[0].env', 'spec.containers[1].env'],
  'downward-api/leaves-big-numbers-and-fields-that-it-does-not-know-as-they-are': [
    'spec.fromAFutureVersion',
    'spec.volumes[0].fromAFutureVersion',
    'spec.initContainers[0].restartPolicy',
    'spec.initContainers[0].startupProbe.fromAFutureVersion',
    'spec.containers[0].env[0].valueFrom.fileKeyRef',
    'spec.containers[0].env[1].fromAFutureVersion',
    'spec.containers[0].resources.claims',
  ],
  'git-sync/adds-to-a-pod-with-the-native-sidecar-of-linkerd': ['spec.initContainers[1].restartPolicy'],
  'git-sync/adds-volumes-where-they-are-an-empty-list': ['spec.volumes'],
  'git-sync/adds-volumes-where-they-are-null': ['spec.volumes'],
  'git-sync/asks-for-nothing-that-the-whole-pod-has-a-budget-of': ['spec.resources'],
  'git-sync/fetches-once-before-the-init-containers-of-a-job': ['spec.initContainers[0].restartPolicy'],
  'git-sync/fetches-once-where-git-mode-says-init-and-init-containers-are-null': ['spec.initContainers'],
  'git-sync/leaves-a-native-sidecar-alone-where-the-version-is-not-known': ['spec.initContainers[0].restartPolicy'],
  'git-sync/leaves-a-pod-for-windows-alone': ['spec.os'],
  'git-sync/leaves-big-numbers-and-fields-that-it-does-not-know-as-they-are': [
    'spec.fromAFutureVersion',
    'spec.volumes[0].fromAFutureVersion',
    'spec.initContainers[0].restartPolicy',
    'spec.initContainers[0].fromAFutureVersion',
    'spec.containers[0].resources.claims',
    'spec.containers[0].volumeMounts[0].fromAFutureVersion',
  ],
  'git-sync/starts-behind-the-native-proxy-of-a-mesh': ['spec.initContainers[1].restartPolicy'],
};

/**
 * The cases that expect what only a newer API server makes of them. Here they are done, and agree, as replay has them of an API
 * server 1.20.
 */
export const NEWER: readonly string[] = [
  'git-sync/adds-a-native-sidecar-before-the-init-containers-from-1.32-on',
  'git-sync/adds-a-native-sidecar-to-the-pod-of-a-job-from-1.32-on',
  'git-sync/starts-behind-the-native-proxy-of-a-mesh',
];

/** What is in an object after a patch that replay has not: the defaults of what the patch brought, and what a new Pod is given. */
export const FILLED_IN: readonly string[] = [
  'metadata.annotations.container.seccomp.security.alpha.kubernetes.io/git-sync',
  'metadata.annotations.seccomp.security.alpha.kubernetes.io/pod',
  'spec.containers[].imagePullPolicy',
  'spec.containers[].startupProbe.successThreshold',
  'spec.containers[].terminationMessagePath',
  'spec.initContainers[].imagePullPolicy',
  'spec.initContainers[].terminationMessagePath',
  'status.phase',
  'status.qosClass',
];
