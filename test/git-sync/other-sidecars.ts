import type { JsonObject } from '../../webhook/decode.ts';

/** What another injector does to a pod, in the shape that it does it in (injection.md §2.2); edits in place. */
export interface OtherInjector {
  readonly name: string;
  inject(pod: JsonObject): void;
}

type Lists = { [list in 'containers' | 'initContainers' | 'volumes']?: JsonObject[] | null };

const TOKEN = { name: 'kube-api-access-x7k2p', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };

/** Each adds other things at other places: first, last, as a native sidecar, with mounts in the containers of others. */
export const otherInjectors: readonly OtherInjector[] = [
  {
    name: 'Istio, its proxy first',
    inject(pod) {
      const spec = specOf(pod);
      note(pod, 'sidecar.istio.io/status', '{"containers":["istio-proxy"]}');
      keepDefaultContainer(pod);
      first(spec, 'initContainers', { name: 'istio-init', image: 'proxy', args: ['istio-iptables', '-u', '1337'] });
      first(spec, 'containers', proxy('istio-proxy', { ports: [{ name: 'http-envoy-prom', containerPort: 15090 }] }));
      last(spec, 'volumes', { name: 'istio-envoy', emptyDir: { medium: 'Memory' } });
      last(spec, 'volumes', { name: 'istio-podinfo', downwardAPI: { items: [{ path: 'labels' }] } });
    },
  },
  {
    name: 'a proxy first, without a word',
    inject(pod) {
      first(specOf(pod), 'containers', proxy('proxy', {}));
    },
  },
  {
    name: 'Linkerd, a native sidecar',
    inject(pod) {
      const spec = specOf(pod);
      note(pod, 'linkerd.io/proxy-version', 'edge');
      first(spec, 'initContainers', { ...proxy('linkerd-proxy', {}), restartPolicy: 'Always' });
      first(spec, 'initContainers', { name: 'linkerd-init', image: 'init' });
      last(spec, 'volumes', { name: 'linkerd-identity-end-entity', emptyDir: { medium: 'Memory' } });
    },
  },
  {
    name: 'Vault, an agent last and a mount in every container',
    inject(pod) {
      const spec = specOf(pod);
      note(pod, 'vault.hashicorp.com/agent-inject-status', 'injected');
      for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
        container.volumeMounts = [
          ...((container.volumeMounts as JsonObject[] | null | undefined) ?? []),
          { name: 'vault-secrets', mountPath: '/vault/secrets' },
        ];
      }
      last(spec, 'initContainers', { name: 'vault-agent-init', image: 'vault', volumeMounts: [TOKEN] });
      last(spec, 'containers', { name: 'vault-agent', image: 'vault', env: [{ name: 'NAMESPACE', value: 'web' }] });
      last(spec, 'volumes', { name: 'vault-secrets', emptyDir: { medium: 'Memory' } });
    },
  },
];

function proxy(name: string, more: JsonObject): JsonObject {
  const env = [
    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name: 'POD_CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '0' } } },
    { name: 'FULL_NAME', value: '$(POD_NAME).web' },
  ];
  return { name, image: 'proxy', env, volumeMounts: [TOKEN], securityContext: { runAsUser: 1337 }, ...more };
}

function keepDefaultContainer(pod: JsonObject): void {
  const { annotations } = pod.metadata as { annotations?: JsonObject | null };
  const [container] = specOf(pod).containers ?? [];
  if (annotations?.[DEFAULT] === undefined && container !== undefined) note(pod, DEFAULT, container.name as string);
}

const DEFAULT = 'kubectl.kubernetes.io/default-container';

function specOf(pod: JsonObject): Lists {
  return pod.spec as Lists;
}

function first(spec: Lists, list: keyof Lists, item: JsonObject): void {
  spec[list] = [item, ...(spec[list] ?? [])];
}

function last(spec: Lists, list: keyof Lists, item: JsonObject): void {
  spec[list] = [...(spec[list] ?? []), item];
}

function note(pod: JsonObject, key: string, value: string): void {
  const metadata = pod.metadata as { annotations?: JsonObject | null };
  metadata.annotations = { ...metadata.annotations, [key]: value };
}
