import type { JsonObject } from '../../webhook/decode.ts';

/**
 * A copy of the pod as an API server hands it to the next webhook: null is gone, and what pods and containers leave out
 * is filled in (Kubernetes' pkg/apis/core/v1/defaults.go, and the token that ServiceAccount admission mounts).
 */
export function withDefaults(pod: JsonObject): JsonObject {
  const copy = withoutNull(pod) as { spec: JsonObject };
  const { spec } = copy;
  fill(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    securityContext: {},
    serviceAccountName: 'default',
  });
  const volumes = objectsIn(spec.volumes);
  if (!volumes.some(({ name }) => name === TOKEN)) volumes.push({ name: TOKEN, projected: { sources: [] } });
  volumes.forEach(fillVolume);
  spec.volumes = volumes;
  for (const container of objectsIn(spec.initContainers)) fillContainer(container);
  for (const container of objectsIn(spec.containers)) fillContainer(container);
  return copy as unknown as JsonObject;
}

const TOKEN = 'kube-api-access-x7k2p';
const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

function fillContainer(container: JsonObject): void {
  fill(container, {
    imagePullPolicy: 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    resources: {},
  });
  for (const port of objectsIn(container.ports)) fill(port, { protocol: 'TCP' });
  for (const variable of objectsIn(container.env)) {
    const source = variable.valueFrom as { [source: string]: JsonObject } | undefined;
    if (source?.fieldRef) fill(source.fieldRef, { apiVersion: 'v1' });
    if (source?.resourceFieldRef) fill(source.resourceFieldRef, { divisor: '0' });
  }
  for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const) {
    const given = container[probe] as JsonObject | undefined;
    if (given === undefined) continue;
    fill(given, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
    if (given.httpGet) fill(given.httpGet as JsonObject, { path: '/', scheme: 'HTTP' });
  }
  const mounts = objectsIn(container.volumeMounts);
  if (!mounts.some(({ mountPath }) => mountPath === TOKEN_PATH)) {
    mounts.push({ name: TOKEN, readOnly: true, mountPath: TOKEN_PATH });
  }
  container.volumeMounts = mounts;
}

function fillVolume(volume: JsonObject): void {
  if (Object.keys(volume).length === 1) volume.emptyDir = {};
  for (const source of ['configMap', 'secret', 'projected', 'downwardAPI'] as const) {
    if (volume[source]) fill(volume[source] as JsonObject, { defaultMode: 420 });
  }
  if (volume.hostPath) fill(volume.hostPath as JsonObject, { type: '' });
}

function fill(object: JsonObject, defaults: JsonObject): void {
  for (const [key, value] of Object.entries(defaults)) object[key] ??= value;
}

function objectsIn(list: unknown): JsonObject[] {
  return Array.isArray(list) ? list : [];
}

function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNull);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNull(member)]));
}
