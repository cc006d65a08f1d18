import { stringify } from 'yaml';
import { apiVersionOf, type Kind } from '../../webhook/kind.ts';

/**
 * An object of this kind as a user would write it, in YAML: the least that an API server takes, for the kinds that rules are
 * most often for; of any other kind its name alone.
 */
export function exampleObject(kind: Kind, labels: { readonly [key: string]: string } = {}): string {
  const named = Object.keys(labels).length === 0 ? { name: 'example' } : { name: 'example', labels };
  return stringify(
    { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: named, ...BODIES[kind.kind] },
    { aliasDuplicateObjects: false },
  );
}

const pod = { containers: [{ name: 'web', image: 'nginx:1.29' }] };
const app = { app: 'example' };
const workload = { selector: { matchLabels: app }, template: { metadata: { labels: app }, spec: pod } };
const job = { template: { spec: { ...pod, restartPolicy: 'Never' } } };

const BODIES: { readonly [kind: string]: object } = {
  Pod: { spec: pod },
  Deployment: { spec: workload },
  ReplicaSet: { spec: workload },
  StatefulSet: { spec: { serviceName: 'example', ...workload } },
  DaemonSet: { spec: workload },
  Job: { spec: job },
  CronJob: { spec: { schedule: '0 3 * * *', jobTemplate: { spec: job } } },
  ConfigMap: { data: { greeting: 'hello' } },
  Secret: { type: 'Opaque', stringData: { greeting: 'hello' } },
  Service: { spec: { selector: app, ports: [{ port: 80 }] } },
  PersistentVolumeClaim: {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  },
  Ingress: { spec: { defaultBackend: { service: { name: 'example', port: { number: 80 } } } } },
  NetworkPolicy: { spec: { podSelector: {}, policyTypes: ['Ingress'] } },
  Website: { spec: { gitRepo: 'https://github.com/example/site.git' } },
};
