import type { Printed } from './printed.ts';

/** A control of the standard, by its name there, and who in a pod breaks it: the pod itself, or what has that name in it. */
interface Control {
  readonly name: string;
  readonly offenders: (pod: Pod) => string[];
}

/** A pod's metadata and spec. */
type Pod = Printed;

/** The controls that a pod breaks, by their names; see `violations`. */
export function brokenControls(pod: Pod): string[] {
  return CONTROLS.filter(({ offenders }) => offenders(pod).length > 0).map(({ name }) => name);
}

/**
 * What breaks Kubernetes' Pod Security Standards in a pod, level "restricted" of 1.36, which has the controls of "baseline"
 * in it (concepts/security/pod-security-standards; staging/src/k8s.io/pod-security-admission/policy): `Seccomp: container web`.
 * The exemptions are left out that pods for Windows and pods in a user namespace have.
 */
export function violations(pod: Pod): string[] {
  return CONTROLS.flatMap(({ name, offenders }) => offenders(pod).map((offender) => `${name}: ${offender}`));
}

const BASELINE: readonly Control[] = [
  { name: 'HostProcess', offenders: contextsWhere(({ windowsOptions }) => windowsOptions?.hostProcess === true) },
  {
    name: 'Host Namespaces',
    offenders: ({ spec }) => (spec.hostNetwork === true || spec.hostPID === true || spec.hostIPC === true ? [POD] : []),
  },
  { name: 'Privileged Containers', offenders: containersWhere(({ privileged }) => privileged === true) },
  {
    name: 'Capabilities (baseline)',
    offenders: containersWhere((context) => added(context).some((one) => !BASELINE_CAPABILITIES.includes(one))),
  },
  { name: 'HostPath Volumes', offenders: volumesWhere(({ hostPath }) => hostPath !== undefined) },
  {
    name: 'Host Ports',
    offenders: containersWhere((_, { ports }) => (ports ?? []).some(({ hostPort }: Printed) => (hostPort ?? 0) !== 0)),
  },
  {
    name: 'Host Probes and Lifecycle Hooks',
    offenders: containersWhere((_, container) => handlers(container).some(hasHost)),
  },
  {
    name: 'AppArmor',
    offenders: (pod) => [
      ...contextsWhere(({ appArmorProfile }) => !isOneOf(appArmorProfile?.type, PROFILES))(pod),
      ...Object.entries<string>(pod.metadata?.annotations ?? {})
        .filter(([key, value]) => key.startsWith(APP_ARMOR) && !/^(runtime\/default|localhost\/.*)?$/.test(value))
        .map(([key]) => `annotation ${key}`),
    ],
  },
  {
    name: 'SELinux',
    offenders: contextsWhere(
      ({ seLinuxOptions: { type, user = '', role = '' } = {} }) =>
        !isOneOf(type, SELINUX_TYPES) || user !== '' || role !== '',
    ),
  },
  { name: '/proc Mount Type', offenders: containersWhere(({ procMount }) => !isOneOf(procMount, ['Default'])) },
  {
    name: 'Seccomp (baseline)',
    offenders: contextsWhere(({ seccompProfile }) => !isOneOf(seccompProfile?.type, PROFILES)),
  },
  {
    name: 'Sysctls',
    offenders: ({ spec }) =>
      (spec.securityContext?.sysctls ?? [])
        .filter(({ name }: Printed) => !SAFE_SYSCTLS.includes(name))
        .map(({ name }: Printed) => `sysctl ${name}`),
  },
];

const RESTRICTED: readonly Control[] = [
  {
    name: 'Volume Types',
    offenders: volumesWhere((volume) => !Object.keys(volume).some((member) => VOLUME_TYPES.includes(member))),
  },
  {
    name: 'Privilege Escalation',
    offenders: containersWhere(({ allowPrivilegeEscalation }) => allowPrivilegeEscalation !== false),
  },
  {
    name: 'Running as Non-root',
    offenders: saidByAll('runAsNonRoot', (value) => value === true),
  },
  { name: 'Running as Non-root user', offenders: contextsWhere(({ runAsUser }) => runAsUser === 0) },
  { name: 'Seccomp', offenders: saidByAll('seccompProfile', (profile) => PROFILES.includes(profile?.type)) },
  {
    name: 'Capabilities',
    offenders: containersWhere(
      (context) =>
        !(context.capabilities?.drop ?? []).includes('ALL') || added(context).some((one) => one !== 'NET_BIND_SERVICE'),
    ),
  },
];

const CONTROLS = [...BASELINE, ...RESTRICTED];

/** All controls that there are, by name. */
export const controlNames: readonly string[] = CONTROLS.map(({ name }) => name);

const POD = 'the pod';
const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';
/** Of seccomp and of AppArmor. */
const PROFILES = ['RuntimeDefault', 'Localhost'];
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

function containersOf({ spec }: Pod): Printed[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])];
}

function containersWhere(is: (context: Printed, container: Printed) => boolean): Control['offenders'] {
  return (pod) =>
    containersOf(pod)
      .filter((container) => is(container.securityContext ?? {}, container))
      .map(({ name }) => `container ${name}`);
}

/** The pod's own security context, and those of its containers. */
function contextsWhere(is: (context: Printed) => boolean): Control['offenders'] {
  const inContainers = containersWhere(is);
  return (pod) => [...(is(pod.spec.securityContext ?? {}) ? [POD] : []), ...inContainers(pod)];
}

function volumesWhere(is: (volume: Printed) => boolean): Control['offenders'] {
  return ({ spec }) => (spec.volumes ?? []).filter(is).map(({ name }: Printed) => `volume ${name}`);
}

/** Every container says it, or leaves it to a pod that does; a pod that says otherwise is wrong whatever its containers say. */
function saidByAll(member: string, is: (value: Printed) => boolean): Control['offenders'] {
  return (pod) => {
    const ofPod = pod.spec.securityContext?.[member] ?? undefined;
    const lacking = containersWhere((context) => !is(context[member] ?? ofPod))(pod);
    return ofPod === undefined || is(ofPod) ? lacking : [POD, ...lacking];
  };
}

function added({ capabilities }: Printed): string[] {
  return capabilities?.add ?? [];
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
