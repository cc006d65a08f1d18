import type { JsonObject } from '../../webhook/decode.ts';
import { anyObject } from '../patch/objects.ts';
import type { Random } from '../patch/random.ts';
import { annotations, labels } from './generated-metadata.ts';
import { otherInjectors } from './other-sidecars.ts';

/** An integer that JavaScript cannot hold: whoever sends it back sends another. */
export const BIG = 9007199254740992;

/**
 * A pod as users, controllers and other webhooks make them, and as they make them wrong: it asks in all ways, its lists
 * are long, empty, null or missing, and some of what rules would add is there already or taken.
 */
export function generatedPod(random: Random): JsonObject {
  const names = namesOf(random);
  const containers = upTo(random, 2, () => container(random, names));
  const spec: JsonObject = {
    ...maybe(random, 0.97, { containers: [container(random, names), ...containers] }),
    ...list(random, 'initContainers', () => initContainer(random, names)),
    ...list(random, 'volumes', () => volume(random)),
    ...maybe(random, 0.4, { restartPolicy: random.pick(['Always', 'Never', 'OnFailure']) }),
    ...maybe(random, 0.1, { hostNetwork: true }),
    ...maybe(random, 0.05, { os: { name: random.pick(['linux', 'windows']) } }),
    ...maybe(random, 0.05, { nodeSelector: { 'kubernetes.io/os': random.pick(['linux', 'windows']) } }),
    ...maybe(random, 0.3, { securityContext: { fsGroup: 1000, runAsUser: BIG } }),
    ...maybe(random, 0.2, { fromAFutureVersion: anyObject(random, 2) }),
  };
  uniqueNames(spec.volumes);
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: metadata(random, names), spec };
  if (random.chance(0.4) && Array.isArray(spec.containers)) random.pick(otherInjectors).inject(pod);
  return pod;
}

interface Names {
  readonly given: readonly string[];
  next(): string;
}

/** Names of containers, none twice in a pod; now and then the one that git-sync takes. */
function namesOf(random: Random): Names {
  const given: string[] = [];
  const next = () => {
    const free = NAMES.filter((name) => !given.includes(name));
    const name = random.chance(0.01) && !given.includes('git-sync') ? 'git-sync' : random.pick(free);
    given.push(name);
    return name;
  };
  return { given, next };
}

const NAMES = ['web', 'app', 'log', 'db', 'cache', 'init', 'fetch', 'metrics', 'constructor', 'migrate', 'git', 'tail'];
const PATHS = ['/data', '/usr/share', '/usr/share/nginx-conf', '/var/www', '/', '/tmp', '/git', '/cache/'];
const OURS = ['/usr/share/nginx', '/usr/share/nginx/', '/usr//share/nginx/html', '/srv/site'];
const OUR_VOLUMES = ['git-sync-content', 'git-sync-tmp', 'git-sync-credentials'];
const TEXTS = ['', 'a', 'é日本💥', '$(POD_NAME)-1', '$$(POD_NAME)', '"quoted"\n', '\u2028', '~/~1', '__proto__'];
const VARIABLES = ['A', 'HOME', 'POD_NAME', 'POD_IP', 'CONTAINER_CPU_LIMIT_MILLICORES', '__proto__', 'pod_name'];

function metadata(random: Random, names: Names): JsonObject {
  const asking = labels(random);
  return {
    ...random.pick([{ name: 'kubia' }, { generateName: 'kubia-' }]),
    ...maybe(random, 0.2, { creationTimestamp: null, ownerReferences: [] }),
    labels: asking,
    ...annotations(random, { containers: names.given, namesWebsite: 'extensions.example.com/website' in asking }),
  };
}

function container(random: Random, names: Names): JsonObject {
  const taken = new Set<string>();
  const mount = () => {
    const mountPath = random.chance(0.03) ? random.pick(OURS) : random.pick(PATHS);
    if (taken.has(mountPath)) return [];
    taken.add(mountPath);
    const ours = random.chance(0.02) ? 'git-sync-content' : 'data';
    return [{ name: ours, mountPath, ...maybe(random, 0.1, { subPath: 'a', fromAFutureVersion: BIG }) }];
  };
  return {
    name: names.next(),
    image: random.pick(['nginx:alpine', 'httpd:2.4', 'busybox']),
    ...list(random, 'env', () => variable(random)),
    ...list(random, 'ports', () => ({ containerPort: random.pick([80, 8080, 2020, 15090]) })),
    ...maybe(random, 0.6, { volumeMounts: random.chance(0.1) ? null : upTo(random, 3, mount).flat() }),
    ...maybe(random, 0.05, { volumeDevices: [{ name: 'disk', devicePath: random.pick(['/dev/disk', ...OURS]) }] }),
    ...maybe(random, 0.2, { securityContext: { runAsUser: BIG } }),
    ...maybe(random, 0.2, { resources: { limits: { cpu: '1', memory: null }, claims: [{ name: 'gpu' }] } }),
    ...maybe(random, 0.1, { fromAFutureVersion: anyObject(random, 2) }),
  };
}

function initContainer(random: Random, names: Names): JsonObject {
  return { ...container(random, names), ...maybe(random, 0.3, { restartPolicy: 'Always' }) };
}

function variable(random: Random): JsonObject {
  const value = random.pick([
    () => ({ value: random.pick(TEXTS) }),
    () => ({}),
    () => ({ value: null }),
    () => ({ valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } }),
    () => ({ valueFrom: { fileKeyRef: { path: 'e', key: 'k', optional: BIG } } }),
  ]);
  return { name: random.pick(VARIABLES), ...value() };
}

function volume(random: Random): JsonObject {
  const source = random.pick<() => JsonObject>([
    () => ({ emptyDir: {} }),
    () => ({ emptyDir: null, hostPath: { path: '/' } }),
    () => ({ configMap: { name: 'c', defaultMode: BIG } }),
    () => ({ projected: { sources: [] } }),
    () => ({ fromAFutureVersion: anyObject(random, 2) }),
  ]);
  const name = random.chance(0.02) ? random.pick(OUR_VOLUMES) : random.pick(NAMES);
  return { name, ...source() };
}

/** A list of up to two, or what Kubernetes takes for none: null, an empty list, nothing. */
function list(random: Random, key: string, item: () => JsonObject): JsonObject {
  const kind = random.below(8);
  if (kind === 0) return {};
  if (kind === 1) return { [key]: null };
  return { [key]: kind === 2 ? [] : upTo(random, 2, item) };
}

function upTo<T>(random: Random, most: number, item: () => T): T[] {
  return Array.from({ length: random.below(most + 1) }, item);
}

function maybe(random: Random, probability: number, members: JsonObject): JsonObject {
  return random.chance(probability) ? members : {};
}

function uniqueNames(volumes: unknown): void {
  if (!Array.isArray(volumes)) return;
  const names = new Set<unknown>();
  for (const volume of volumes.splice(0)) {
    if (!names.has(volume.name)) volumes.push(volume);
    names.add(volume.name);
  }
}
