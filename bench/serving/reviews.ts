import { INJECTED, LARGEST } from './names.ts';

/** A review that servers are measured with. */
export interface Measured {
  readonly what: string;
  readonly path: string;
  readonly body: Buffer;
  /** Whether its answer has a patch; undefined where that is nobody's question. */
  readonly isPatched?: boolean;
}

const PREFIX = 'extensions.example.com';
const REPO = 'https://github.com/luksa/kubia-website-example.git';
const ASKED = { [`${PREFIX}/git-repo`]: REPO };
const ENDLESS = { 'example.com/endless': 'true' };
const UID = '0b9f7a9e-3f0a-4c55-9a10-5b5d0a0e1f42';

/** A Pod that asks for both injections, as it first arrives. */
export const podOfBoth: Measured = patched(INJECTED, '/mutate/git-sync/label', pod(asking(), 4));

/** What the built-in rules are asked, in every size: nearly all reviews are as small as the first three. */
export const builtIn: readonly Measured[] = [
  podOfBoth,
  patched('a Pod that gets the variables, 5 kB', '/mutate/downward-api/pod', pod(asking(), 4)),
  measured('a Pod that asks for nothing, 5 kB', '/mutate/git-sync/namespace', pod({}, 4, 0, {})),
  measured('a Website', '/validate/policy', website()),
  measured('a Deployment, 100 kB', '/validate/pod-template/workload', deployment(100_000)),
  patched(LARGEST, '/mutate/git-sync/label', pod(asking(), 3, 12_000_000)),
];

/** What loaded rules are asked. */
export const loaded: readonly Measured[] = [
  measured('a Pod, for one loaded rule, 5 kB', '/validate/policy', pod({}, 4)),
  patched('a Pod, for one loaded rule that edits, 5 kB', '/mutate/policy', pod({}, 4)),
];

/** A Website that is refused, for it is not fetched over TLS. */
export const refusedWebsite = measured('a Website that is refused', '/validate/policy', website(`git${REPO.slice(5)}`));

/** A Pod that asks the rule of bench/soak/rules for an endless loop. */
export const endlessPod = measured('a Pod that a rule has no end with', '/validate/policy', pod(ENDLESS, 4, 0, {}));

function patched(what: string, path: string, review: Reviewed): Measured {
  return { ...measured(what, path, review), isPatched: true };
}

interface Reviewed {
  readonly kind: object;
  readonly resource: object;
  readonly object: object;
}

function measured(what: string, path: string, review: Reviewed): Measured {
  const request = {
    uid: UID,
    kind: review.kind,
    resource: review.resource,
    name: 'kubia',
    namespace: 'default',
    operation: 'CREATE',
    userInfo: {
      username: 'system:serviceaccount:kube-system:replicaset-controller',
      groups: ['system:serviceaccounts'],
    },
    object: review.object,
    oldObject: null,
    dryRun: false,
    options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
  };
  const text = JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request });
  return { what, path: `${path}?timeout=5s`, body: Buffer.from(text), isPatched: false };
}

function asking(): { [label: string]: string } {
  return { [`${PREFIX}/git-sync`]: 'true', [`${PREFIX}/downward-api`]: 'true' };
}

function pod(labels: { [label: string]: string }, containers: number, annotationBytes = 0, asked: object = ASKED) {
  const notes = Array.from({ length: Math.ceil(annotationBytes / 1000) }, (_, i) => [
    `example.com/note-${i}`,
    'x'.repeat(970),
  ]);
  return {
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        generateName: 'kubia-5d9b7c6f4-',
        namespace: 'default',
        labels: { app: 'kubia', ...labels },
        annotations: { ...asked, ...Object.fromEntries(notes) },
      },
      spec: podSpec(containers),
    },
  };
}

function podSpec(containers: number): object {
  const probe = { httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' }, periodSeconds: 10, timeoutSeconds: 1 };
  return {
    containers: Array.from({ length: containers }, (_, i) => ({
      name: `app-${i}`,
      image: 'example.com/team/app:1.2.3',
      imagePullPolicy: 'IfNotPresent',
      ports: [{ name: 'http', containerPort: 8080 + i, protocol: 'TCP' }],
      env: Array.from({ length: 10 }, (_, variable) => ({
        name: `SETTING_${variable}`,
        value: `the value ${variable}`,
      })),
      resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
      livenessProbe: probe,
      readinessProbe: probe,
      volumeMounts: [{ name: 'data', mountPath: '/data' }],
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
    })),
    volumes: [{ name: 'data', emptyDir: {} }],
    restartPolicy: 'Always',
    serviceAccountName: 'default',
  };
}

function deployment(bytes: number) {
  const template = { metadata: { labels: { app: 'kubia' } }, spec: podSpec(Math.ceil(bytes / 1050)) };
  return {
    kind: { group: 'apps', version: 'v1', kind: 'Deployment' },
    resource: { group: 'apps', version: 'v1', resource: 'deployments' },
    object: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'kubia', namespace: 'default' },
      spec: { replicas: 3, selector: { matchLabels: { app: 'kubia' } }, template },
    },
  };
}

function website(gitRepo = REPO) {
  const kind = { group: PREFIX, version: 'v1', kind: 'Website' };
  return {
    kind,
    resource: { group: PREFIX, version: 'v1', resource: 'websites' },
    object: {
      apiVersion: `${PREFIX}/v1`,
      kind: 'Website',
      metadata: { name: 'kubia', namespace: 'default' },
      spec: { gitRepo, ref: 'main', period: '60s', depth: 1, submodules: 'off' },
    },
  };
}
