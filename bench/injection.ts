import { configFrom } from '../cli/config.ts';
import { loadRules } from '../cli/load.ts';
import { builtInRules } from '../rules/index.ts';
import type { Engine } from '../webhook/engine.ts';
import { noLookups } from '../webhook/lookup.ts';
import { type Reviewed, review } from '../webhook/review.ts';
import { measureAsync } from './measure.ts';
import type { Line, Table } from './table.ts';

const PREFIX = 'extensions.example.com';
const REPO = 'https://github.com/luksa/kubia-website-example.git';

/** What one review of a pod costs that gets git-sync or the variables, bytes to bytes; the larger ones must stay below 20 ms. */
export async function injectionTable(): Promise<Table> {
  const rules = await loadRules(builtInRules, configFrom({ words: [], flags: {} }, {}));
  const engine = { rules, lookups: noLookups, now: () => 0 };
  const native = { ...engine, kubeVersion: { major: 1, minor: 36 } };
  const looking = { ...native, lookups: { find: async () => structuredClone(WEBSITE) } };
  const usual = podOf(4, 0);
  const large = podOf(100, 1_000_000);
  const named = podOf(4, 0);
  const largeNamed = podOf(100, 1_000_000);
  for (const pod of [named, largeNamed]) {
    delete pod.metadata.annotations[`${PREFIX}/git-repo`];
    pod.metadata.labels[`${PREFIX}/website`] = 'kubia';
  }
  const misspelt = podOf(4, 1_000_000, `${PREFIX}/git-rep`);
  delete misspelt.metadata.annotations[`${PREFIX}/git-repo`];
  return {
    name: 'injection, a review',
    lines: [
      await line(engine, 'git-sync', 'git-sync into', usual),
      await line(native, 'git-sync', 'a native git-sync into', usual),
      await line(looking, 'git-sync', "a Website's, with a key, into", named),
      await line(engine, 'downward-api', 'variables into', usual),
      await line(engine, 'git-sync', 'git-sync into', large),
      await line(native, 'git-sync', 'a native git-sync into', large),
      await line(looking, 'git-sync', "a Website's, with a key, into", largeNamed),
      await line(engine, 'downward-api', 'variables into', large),
      await line(engine, 'git-sync', 'git-sync refused to', misspelt),
    ],
  };
}

/** Answered as from an informer's cache: no network, and a copy. */
const WEBSITE = {
  apiVersion: `${PREFIX}/v1`,
  kind: 'Website',
  metadata: { name: 'kubia', namespace: 'default', resourceVersion: '1' },
  spec: {
    ...{ gitRepo: 'git@github.com:luksa/kubia-website-example.git', credentials: { secretName: 'kubia-key' } },
    ...{ ref: 'main', period: '60s', depth: 1, submodules: 'off' },
  },
};

interface Pod {
  readonly metadata: { readonly labels: { [key: string]: string }; readonly annotations: { [key: string]: string } };
  readonly spec: { readonly containers: readonly object[] };
}

/** Several rounds of several reviews each: a round has to be longer than the clock's grain. */
async function line(engine: Engine, webhook: 'git-sync' | 'downward-api', verb: string, pod: Pod): Promise<Line> {
  const bytes = Buffer.from(reviewOf(pod));
  const byWebsite = `${PREFIX}/website` in pod.metadata.labels ? 'website' : 'label';
  const selector = webhook === 'git-sync' ? byWebsite : 'pod';
  const once = (): Promise<Reviewed> => review(bytes, { phase: 'mutating', webhook, selector }, engine);
  const reviews = Math.ceil(2e6 / bytes.length);
  const round = async (): Promise<void> => {
    for (let i = 0; i < reviews; i++) await once();
  };
  const { patch = '' } = JSON.parse((await once()).body).response;
  return {
    what: `${verb} ${pod.spec.containers.length} containers in ${kilobytes(bytes.length)}`,
    microseconds: (await measureAsync(round)) / reviews,
    beside: patch === '' ? 'no patch' : `a patch of ${kilobytes(Buffer.from(patch, 'base64').length)}`,
  };
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

/** Both injections are asked for; the annotations of others, or misspelt ones, make up `annotationBytes`. */
function podOf(count: number, annotationBytes: number, prefix = 'example.com/note'): Pod {
  const notes = Array.from({ length: Math.floor(annotationBytes / 100) }, (_, i) => [
    `${prefix}-${i.toString(36)}`,
    'x'.repeat(70),
  ]);
  return {
    metadata: {
      labels: { app: 'kubia', [`${PREFIX}/git-sync`]: 'true', [`${PREFIX}/downward-api`]: 'true' },
      annotations: { [`${PREFIX}/git-repo`]: REPO, ...Object.fromEntries(notes) },
    },
    spec: { containers: Array.from({ length: count }, (_, index) => container(index)) },
  };
}

function container(index: number): object {
  const probe = { httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' }, periodSeconds: 10, timeoutSeconds: 1 };
  return {
    name: `app-${index}`,
    image: 'example.com/team/app:1.2.3',
    imagePullPolicy: 'IfNotPresent',
    ports: [{ name: 'http', containerPort: 8080 + index, protocol: 'TCP' }],
    env: Array.from({ length: 8 }, (_, variable) => ({ name: `SETTING_${variable}`, value: `the value ${variable}` })),
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
    livenessProbe: probe,
    readinessProbe: probe,
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  };
}

function reviewOf({ metadata, spec }: Pod): string {
  const pods = { group: '', version: 'v1' };
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: 'kubia-', namespace: 'default', ...metadata },
    spec: { ...spec, volumes: [{ name: 'data', emptyDir: {} }], restartPolicy: 'Always' },
  };
  const request = {
    uid: '0b9f7a9e-3f0a-4c55-9a10-5b5d0a0e1f42',
    kind: { ...pods, kind: 'Pod' },
    resource: { ...pods, resource: 'pods' },
    namespace: 'default',
    operation: 'CREATE',
    userInfo: { username: 'system:serviceaccount:kube-system:replicaset-controller' },
    object,
    oldObject: null,
    dryRun: false,
  };
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
}
