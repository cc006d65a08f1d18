import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { withoutAssets } from '../e2e/assets.ts';
import { built, SERVERS } from './built.ts';
import { brokenControls, controlNames, violations } from './pod-security.ts';
import { ofKind, type Printed, printed } from './printed.ts';

/** A change of our pod, and the controls that it breaks. */
const changes: readonly [sentence: string, change: (pod: Printed) => void, broken: readonly string[]][] = [
  ['nothing', () => {}, []],
  [
    'a Windows host process',
    ({ spec }) => Object.assign(spec.securityContext, { windowsOptions: { hostProcess: true } }),
    ['HostProcess'],
  ],
  ["the host's network", ({ spec }) => Object.assign(spec, { hostNetwork: true }), ['Host Namespaces']],
  ["the host's processes", ({ spec }) => Object.assign(spec, { hostPID: true }), ['Host Namespaces']],
  ["the host's shared memory", ({ spec }) => Object.assign(spec, { hostIPC: true }), ['Host Namespaces']],
  ['a privileged container', inContainer({ privileged: true }), ['Privileged Containers']],
  [
    'the capability to administer',
    inContainer({ capabilities: { drop: ['ALL'], add: ['SYS_ADMIN'] } }),
    ['Capabilities (baseline)', 'Capabilities'],
  ],
  [
    'a capability that only baseline allows',
    inContainer({ capabilities: { drop: ['ALL'], add: ['CHOWN'] } }),
    ['Capabilities'],
  ],
  [
    'the one capability that restricted allows',
    inContainer({ capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } }),
    [],
  ],
  ['capabilities that are kept', inContainer({ capabilities: { drop: ['CHOWN'] } }), ['Capabilities']],
  [
    'a folder of the host',
    ({ spec }) => Object.assign(spec, { volumes: [{ name: 'a', hostPath: { path: '/' } }] }),
    ['HostPath Volumes', 'Volume Types'],
  ],
  [
    'a volume of another kind',
    ({ spec }) => Object.assign(spec, { volumes: [{ name: 'a', nfs: { server: 'a', path: '/' } }] }),
    ['Volume Types'],
  ],
  ['a port of the host', ({ spec }) => Object.assign(spec.containers[0].ports[0], { hostPort: 443 }), ['Host Ports']],
  [
    'a probe of another host',
    ({ spec }) => Object.assign(spec.containers[0].readinessProbe.httpGet, { host: '10.0.0.1' }),
    ['Host Probes and Lifecycle Hooks'],
  ],
  [
    'a hook that calls another host',
    ({ spec }) => Object.assign(spec.containers[0], { lifecycle: { preStop: { tcpSocket: { host: 'a', port: 1 } } } }),
    ['Host Probes and Lifecycle Hooks'],
  ],
  ['no AppArmor', inContainer({ appArmorProfile: { type: 'Unconfined' } }), ['AppArmor']],
  [
    'no AppArmor, by annotation',
    ({ metadata }) =>
      Object.assign(metadata, {
        annotations: { 'container.apparmor.security.beta.kubernetes.io/portcullis': 'unconfined' },
      }),
    ['AppArmor'],
  ],
  ['an SELinux type', inContainer({ seLinuxOptions: { type: 'spc_t' } }), ['SELinux']],
  ['an SELinux role', inContainer({ seLinuxOptions: { role: 'sysadm_r' } }), ['SELinux']],
  ['an unmasked /proc', inContainer({ procMount: 'Unmasked' }), ['/proc Mount Type']],
  ['no seccomp', inContainer({ seccompProfile: { type: 'Unconfined' } }), ['Seccomp (baseline)', 'Seccomp']],
  ['nothing said of seccomp', ({ spec }) => delete spec.securityContext.seccompProfile, ['Seccomp']],
  [
    'an unsafe sysctl',
    ({ spec }) => Object.assign(spec.securityContext, { sysctls: [{ name: 'kernel.msgmax', value: '1' }] }),
    ['Sysctls'],
  ],
  ['privilege escalation', inContainer({ allowPrivilegeEscalation: true }), ['Privilege Escalation']],
  [
    'nothing said of privilege escalation',
    ({ spec }) => delete spec.containers[0].securityContext.allowPrivilegeEscalation,
    ['Privilege Escalation'],
  ],
  ['nothing said of root', ({ spec }) => delete spec.securityContext.runAsNonRoot, ['Running as Non-root']],
  ['a container that may be root', inContainer({ runAsNonRoot: false }), ['Running as Non-root']],
  [
    'a pod that may be root, though its container may not',
    ({ spec }) => {
      spec.securityContext.runAsNonRoot = false;
      spec.containers[0].securityContext.runAsNonRoot = true;
    },
    ['Running as Non-root'],
  ],
  ['root by number', inContainer({ runAsUser: 0 }), ['Running as Non-root user']],
  [
    'an init container of which nothing is said',
    ({ spec }) => Object.assign(spec, { initContainers: [{ name: 'a', image: 'a' }] }),
    ['Privilege Escalation', 'Capabilities'],
  ],
];

describe('what breaks the standard', () => {
  let pod: Printed;
  before(async () => {
    pod = podOf(await printed(['server']));
  });
  for (const [sentence, change, broken] of changes) {
    test(`${sentence}: ${broken.join(', ') || 'fine'}`, () => {
      const changed = structuredClone(pod);
      change(changed);
      assert.deepEqual(brokenControls(changed), broken);
    });
  }

  test('every control is broken by one of these', () => {
    const all = new Set(changes.flatMap(([, , broken]) => broken));
    assert.deepEqual([...all].sort(), controlNames.toSorted());
  });

  test('who breaks it is told: the pod, a container, a volume, an annotation', () => {
    const changed = structuredClone(pod);
    Object.assign(changed.spec, {
      hostNetwork: true,
      initContainers: [{ ...changed.spec.containers[0], name: 'first', securityContext: { runAsUser: 0 } }],
      volumes: [{ name: 'root', hostPath: { path: '/' } }],
    });
    const key = 'container.apparmor.security.beta.kubernetes.io/first';
    Object.assign(changed.metadata, { annotations: { [key]: 'unconfined' } });
    assert.deepEqual(violations(changed), [
      'Host Namespaces: the pod',
      'HostPath Volumes: volume root',
      `AppArmor: annotation ${key}`,
      'Volume Types: volume root',
      'Privilege Escalation: container first',
      'Running as Non-root user: container first',
      'Capabilities: container first',
    ]);
  });
});

const variants: readonly (readonly string[])[] = [
  [],
  ['--certificate', 'files'],
  ['--certificate', 'files', '--cluster-access', 'none'],
  ['--rules', 'examples/rules', '--config', 'examples/portcullis.yaml'],
  ['--kube-version', '1.20'],
];
for (const flags of variants) {
  test(`the pods of manifests server ${flags.join(' ')} keep to the standard that their namespace demands`, async () => {
    assertRestricted(await printed(['server', ...flags]));
  });
}

for (const folder of SERVERS) {
  test(`the pods of ${folder} do too`, { skip: withoutAssets }, async () => {
    assertRestricted(await built(folder));
  });
}

test('the pods ask for no user or group by number, which OpenShift’s restricted-v2 refuses: each namespace has its own', async () => {
  const { spec } = podOf(await printed(['server']));
  for (const context of [spec.securityContext, spec.containers[0].securityContext]) {
    for (const member of ['runAsUser', 'runAsGroup', 'fsGroup', 'supplementalGroups']) {
      assert.equal(member in context, false, member);
    }
  }
});

function assertRestricted(manifests: readonly Printed[]): void {
  assert.deepEqual(brokenControls(podOf(manifests)), []);
  const { labels, name } = ofKind('Namespace', manifests).metadata;
  assert.equal(labels['pod-security.kubernetes.io/enforce'], 'restricted');
  assert.equal(ofKind('Deployment', manifests).metadata.namespace, name);
}

function podOf(manifests: readonly Printed[]): Printed {
  return ofKind('Deployment', manifests).spec.template;
}

function inContainer(securityContext: object): (pod: Printed) => void {
  return ({ spec }) => Object.assign(spec.containers[0].securityContext, securityContext);
}
