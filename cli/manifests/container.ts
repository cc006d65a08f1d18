import { CLIENT_CA_FILE, CONFIG_FILE, type MountedConfigMap } from './config-maps.ts';
import { CERTIFICATE_FOLDER, HEALTH_PORT, type Installation, NAME, WEBHOOK_PORT } from './installation.ts';

/**
 * The server's container: restricted, without anything to write to. It is told its settings by variables, so that what is
 * run in it by `kubectl exec` is told the same.
 */
export function container(installation: Installation, mounted: readonly MountedConfigMap[]): object {
  const { image, certificate } = installation;
  const certificateMount = { name: 'certificate', mountPath: CERTIFICATE_FOLDER, readOnly: true };
  const volumeMounts = [
    ...(certificate.mode === 'files' ? [certificateMount] : []),
    ...mounted.map(({ volume, mountPath }) => ({ name: volume, mountPath, readOnly: true })),
  ];
  return {
    name: NAME,
    image,
    args: ['serve'],
    env: env(installation, mounted),
    ports: [
      { name: 'webhook', containerPort: WEBHOOK_PORT, protocol: 'TCP' },
      { name: 'health', containerPort: HEALTH_PORT, protocol: 'TCP' },
    ],
    // Rules may take their time to load; until then nobody asks whether it lives.
    startupProbe: probe('/livez', { periodSeconds: 1, timeoutSeconds: 2, failureThreshold: 60 }),
    // Half a minute of silence: under a burst of reviews an answer may be late, and a restart would only add to it.
    livenessProbe: probe('/livez', { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 }),
    // Twice in 4 s, well within the drain: the pod is out of its Service before it stops to serve. Late is not unready:
    // who is taken out under a burst leaves its share to others, who are late then.
    readinessProbe: probe('/readyz', { periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 2 }),
    // No limit to the CPU: to be throttled is to be late, and everybody's kubectl waits.
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: memoryLimit(mounted) } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    ...(volumeMounts.length === 0 ? {} : { volumeMounts }),
  };
}

/**
 * At ten times what it can answer, with 1,400 connections, the server took 416 MB under the first. Rules of one's own are
 * decided in two processes more, of 60 MB each and up to 288 (isolation/pool.ts), and four while two are stuck.
 */
function memoryLimit(mounted: readonly MountedConfigMap[]): string {
  return mounted.some(isOfRules) ? '1Gi' : '512Mi';
}

function isOfRules({ volume }: MountedConfigMap): boolean {
  return volume.startsWith('rules');
}

function env(installation: Installation, mounted: readonly MountedConfigMap[]): object[] {
  const { certificate, registration, clusterAccess, clients, drainSeconds, config } = installation;
  const rules = mounted.filter(isOfRules).map(({ mountPath }) => mountPath);
  return [
    { name: 'PORTCULLIS_HOST', value: '::' },
    { name: 'PORTCULLIS_PORT', value: `${WEBHOOK_PORT}` },
    { name: 'PORTCULLIS_HEALTH_PORT', value: `${HEALTH_PORT}` },
    { name: 'PORTCULLIS_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
    { name: 'PORTCULLIS_DRAIN_SECONDS', value: `${drainSeconds}` },
    { name: 'PORTCULLIS_CERTIFICATE', value: certificate.mode },
    ...(certificate.mode === 'files' ? certificateFiles(installation) : []),
    ...(certificate.mode === 'self' ? [{ name: 'PORTCULLIS_REGISTRATION', value: registration }] : []),
    { name: 'PORTCULLIS_CLUSTER_ACCESS', value: clusterAccess },
    ...(clients === undefined ? [] : clientsOf(clients.names)),
    ...(config === undefined ? [] : [{ name: 'PORTCULLIS_CONFIG', value: CONFIG_FILE }]),
    ...(rules.length === 0 ? [] : [{ name: 'PORTCULLIS_RULES', value: rules.join(',') }]),
  ];
}

/** The name that API servers verify, besides those that the configuration wants the certificate to be for. */
function certificateFiles({ namespace, certificate }: Installation): object[] {
  const names = new Set([...certificate.names, `${NAME}.${namespace}.svc`]);
  return [
    { name: 'PORTCULLIS_CERTS', value: CERTIFICATE_FOLDER },
    { name: 'PORTCULLIS_DNS_NAME', value: [...names].join(',') },
  ];
}

function clientsOf(names: readonly string[]): object[] {
  const ca = { name: 'PORTCULLIS_CLIENT_CA', value: CLIENT_CA_FILE };
  return [ca, ...(names.length === 0 ? [] : [{ name: 'PORTCULLIS_CLIENT_NAME', value: names.join(',') }])];
}

function probe(path: string, times: object): object {
  return { httpGet: { path, port: 'health' }, ...times };
}
