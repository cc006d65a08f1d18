/**
 * A PodSecurityPolicy for API servers before 1.25, as near to the standard `restricted` as they have it, and with a root file
 * system that nobody writes to (concepts/security/pod-security-policy of 1.20). It mends what a pod does not say before webhooks
 * are asked, and again afterwards, if they changed the pod; what says otherwise it refuses.
 */
export const policy = JSON.stringify({
  apiVersion: 'policy/v1beta1',
  kind: 'PodSecurityPolicy',
  metadata: {
    name: 'restricted',
    annotations: {
      'seccomp.security.alpha.kubernetes.io/allowedProfileNames': 'runtime/default',
      'seccomp.security.alpha.kubernetes.io/defaultProfileName': 'runtime/default',
    },
  },
  spec: {
    privileged: false,
    allowPrivilegeEscalation: false,
    requiredDropCapabilities: ['ALL'],
    readOnlyRootFilesystem: true,
    volumes: ['configMap', 'downwardAPI', 'emptyDir', 'persistentVolumeClaim', 'projected', 'secret'],
    runAsUser: { rule: 'MustRunAsNonRoot' },
    seLinux: { rule: 'RunAsAny' },
    supplementalGroups: { rule: 'MustRunAs', ranges: [{ min: 1, max: 65535 }] },
    fsGroup: { rule: 'MustRunAs', ranges: [{ min: 1, max: 65535 }] },
  },
});

/** The controls of the standard that the policy sees to by itself, where a pod says nothing. */
export const MENDED: readonly string[] = ['Privilege Escalation', 'Running as Non-root', 'Seccomp', 'Capabilities'];
