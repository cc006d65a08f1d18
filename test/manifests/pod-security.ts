import type { Printed } from './printed.ts';

/** A control of the standard, by its name there, and whether a pod breaks it. */
interface Control {
  readonly name: string;
  readonly isBroken: (pod: Pod) => boolean;
}

/** A pod's metadata and spec. */
type Pod = Printed;

/**
 * The controls that a pod breaks of Kubernetes' Pod Security Standards, level "restricted" of 1.36, which has those of
 * "baseline" in it (concepts/security/pod-security-standards).
 */
export function brokenControls(pod: Pod): string[] {
  return [...BASELINE, ...RESTRICTED].filter(({ isBroken }) => isBroken(pod)).map(({ name }) => name);
}

const BASELINE: readonly Control[] = [
  {
    name: 'HostProcess',
    isBroken: (pod) => contexts(pod).some(({ windowsOptions }) => windowsOptions?.hostProcess === true),
  },
  {
    name: 'Host Namespaces',
    isBroken: ({ spec }) => spec.hostNetwork === true || spec.hostPID === true || spec.hostIPC === true,
  },
  {
    name: 'Privileged Containers',
    isBroken: (pod) => containerContexts(pod).some(({ privileged }) => privileged === true),
  },
  {
    name: 'Capabilities (baseline)',
    isBroken: (pod) => added(pod).some((capability) => !BASELINE_CAPABILITIES.includes(capability)),
  },
  { name: 'HostPath Volumes', isBroken: ({ spec }) => some(spec.volumes, ({ hostPath }) => hostPath !== undefined) },
  {
    name: 'Host Ports',
    isBroken: (pod) => containers(pod).some(({ ports }) => some(ports, ({ hostPort = 0 }) => hostPort !== 0)),
  },
  {
    name: 'Host Probes and Lifecycle Hooks',
    isBroken: (pod) => containers(pod).some((container) => handlers(container).some(hasHost)),
  },
  {
    name: 'AppArmor',
    isBroken: (pod) =>
      contexts(pod).some(({ appArmorProfile }) => !isOneOf(appArmorProfile?.type, ['RuntimeDefault', 'Localhost'])) ||
      Object.entries<string>(pod.metadata?.annotations ?? {}).some(
        ([key, value]) =>
          key.startsWith('container.apparmor.security.beta.kubernetes.io/') &&
          !/^(runtime\/default|localhost\/.*)?$/.test(value),
      ),
  },
  {
    name: 'SELinux',
    isBroken: (pod) =>
      contexts(pod).some(
        ({ seLinuxOptions: { type, user = '', role = '' } = {} }) =>
          !isOneOf(type, SELINUX_TYPES) || user !== '' || role !== '',
      ),
  },
  {
    name: '/proc Mount Type',
    isBroken: (pod) => containerContexts(pod).some(({ procMount }) => !isOneOf(procMount, ['Default'])),
  },
  {
    name: 'Seccomp (baseline)',
    isBroken: (pod) => contexts(pod).some(({ seccompProfile }) => seccompProfile?.type === 'Unconfined'),
  },
  {
    name: 'Sysctls',
    isBroken: ({ spec }) => some(spec.securityContext?.sysctls, ({ name }) => !SAFE_SYSCTLS.includes(name)),
  },
];

const RESTRICTED: readonly Control[] = [
  {
    name: 'Volume Types',
    isBroken: ({ spec }) =>
      some(spec.volumes, (volume) => !Object.keys(volume).some((member) => VOLUME_TYPES.includes(member))),
  },
  {
    name: 'Privilege Escalation',
    isBroken: (pod) =>
      containerContexts(pod).some(({ allowPrivilegeEscalation }) => allowPrivilegeEscalation !== false),
  },
  {
    name: 'Running as Non-root',
    isBroken: (pod) => everyContainer(pod, 'runAsNonRoot').some((value) => value !== true),
  },
  { name: 'Running as Non-root user', isBroken: (pod) => contexts(pod).some(({ runAsUser }) => runAsUser === 0) },
  {
    name: 'Seccomp',
    isBroken: (pod) =>
      everyContainer(pod, 'seccompProfile').some(
        (profile) => !['RuntimeDefault', 'Localhost'].includes(profile?.type ?? ''),
      ),
  },
  {
    name: 'Capabilities',
    isBroken: (pod) =>
      containerContexts(pod).some(({ capabilities }) => !(capabilities?.drop ?? []).includes('ALL')) ||
      added(pod).some((capability) => capability !== 'NET_BIND_SERVICE'),
  },
];

const BASELINE_CAPABILITIES =
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  );
const SELINUX_TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];
const SAFE_SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
];
const VOLUME_TYPES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

function containers({ spec }: Pod): Printed[] {
  return [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])];
}

function containerContexts(pod: Pod): Printed[] {
  return containers(pod).map(({ securityContext = {} }) => securityContext);
}

function contexts(pod: Pod): Printed[] {
  return [pod.spec.securityContext ?? {}, ...containerContexts(pod)];
}

/** What holds for each container: its own word, else the pod's. */
function everyContainer(pod: Pod, member: string): Printed[] {
  return containerContexts(pod).map((context) => context[member] ?? pod.spec.securityContext?.[member]);
}

function added(pod: Pod): string[] {
  return containerContexts(pod).flatMap(({ capabilities }) => capabilities?.add ?? []);
}

function handlers({ startupProbe, livenessProbe, readinessProbe, lifecycle = {} }: Printed): Printed[] {
  return [startupProbe, livenessProbe, readinessProbe, lifecycle.postStart, lifecycle.preStop].filter(Boolean);
}

function hasHost({ httpGet, tcpSocket }: Printed): boolean {
  return (httpGet?.host ?? '') !== '' || (tcpSocket?.host ?? '') !== '';
}

function isOneOf(value: string | undefined, allowed: readonly string[]): boolean {
  return value === undefined || allowed.includes(value);
}

function some(list: Printed[] | undefined, is: (item: Printed) => boolean): boolean {
  return (list ?? []).some(is);
}
