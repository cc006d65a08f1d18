// What the rule API promises its authors: all of this compiles, with these types. Checked by tsc (types.test.ts).
import {
  allow,
  Deployment,
  deny,
  type FromSchema,
  is,
  isAtLeast,
  type KubeVersion,
  kind,
  mutatingRule,
  NetworkPolicy,
  Pod,
  type Rule,
  skip,
  validatingRule,
} from '../../author.ts';
import { same } from './equal.ts';

const Website = kind<{ spec: { gitRepo: string; ref?: string } }>({
  group: 'extensions.example.com',
  version: 'v1',
  kind: 'Website',
  resource: 'websites',
  scope: 'Namespaced',
});

// A schema literal is its own type, defaults and enums included.
const schema = {
  type: 'object',
  required: ['gitRepo'],
  properties: {
    gitRepo: { type: 'string' },
    depth: { type: 'integer', default: 1 },
    serviceType: { type: 'string', enum: ['NodePort', 'ClusterIP'] },
  },
} as const;
type Expected = { readonly gitRepo: string; readonly depth: number; readonly serviceType?: 'NodePort' | 'ClusterIP' };
same<FromSchema<typeof schema>, Expected>(true);

export const settingsAndOldObject: Rule = validatingRule({
  name: 'settings-and-old-object',
  kind: Website,
  operations: ['CREATE', 'UPDATE'],
  settings: {
    type: 'object',
    properties: {
      allowedHosts: { type: 'array', items: { type: 'string' }, default: [] },
      floor: { type: 'integer' },
      mode: { type: 'string', enum: ['a', 'b'], default: 'a' },
      user: { type: 'integer', nullable: true, default: 65533 },
    },
  },
  validate(website, { request, oldObject, settings }) {
    same<typeof settings.allowedHosts, readonly string[]>(true);
    same<typeof settings.floor, number | undefined>(true);
    same<typeof settings.mode, 'a' | 'b'>(true);
    same<typeof settings.user, number | null>(true);
    same<typeof request.operation, 'CREATE' | 'UPDATE'>(true);
    const old: string | undefined = oldObject?.spec.gitRepo;
    return website.spec.gitRepo === old ? allow() : deny('no');
  },
});

export const lookups: Rule = mutatingRule({
  name: 'lookups',
  kind: Pod,
  operations: ['CREATE'],
  lookups: {
    website: { kind: Website, name: (pod) => pod.metadata.labels?.website },
    peer: { kind: Pod, name: (_, request) => request.userInfo.username, optional: true },
  },
  mutate(pod, { found, oldObject, kubeVersion }) {
    same<typeof oldObject, undefined>(true);
    same<typeof kubeVersion, KubeVersion | undefined>(true);
    if (kubeVersion !== undefined && !isAtLeast(kubeVersion, { major: 1, minor: 32 })) skip('old', 'it is too old');
    if (!found.website) return deny('there is no such Website');
    const url: string = found.website.spec.gitRepo;
    const node: string | undefined = found.peer?.spec?.nodeName;
    // Dates are strings on the wire.
    const at: string | undefined = pod.metadata.creationTimestamp;
    pod.spec?.containers.push({ name: url + node + at });
    if (!pod.spec) skip('no_spec', 'the pod has no spec');
  },
});

export const severalKinds = validatingRule({
  name: 'several-kinds',
  kind: [Pod, Deployment],
  operations: ['UPDATE', 'DELETE'],
  validate(object, { oldObject, settings }) {
    oldObject.metadata.name; // UPDATE and DELETE always have one
    if (is(Deployment, object)) {
      const replicas: number | undefined = object.spec?.replicas;
      return replicas ? allow() : deny('no replicas');
    }
    same<typeof settings, {}>(true);
    return object.spec?.nodeName ? allow('a warning') : deny('no node');
  },
});

// client-node's `_from` is `from` on the wire.
validatingRule({
  name: 'renamed-member',
  kind: NetworkPolicy,
  operations: ['CREATE'],
  validate: (policy) => (policy.spec?.ingress?.[0]?.from ? allow() : deny('from everywhere')),
});

// deny() and skip() never return, and TypeScript narrows after them.
validatingRule({
  name: 'narrowed-by-deny',
  kind: Pod,
  operations: ['CREATE'],
  validate(pod) {
    if (!pod.spec) deny('no spec');
    const count: number = pod.spec.containers.length;
    return count > 0 ? allow() : deny('no containers');
  },
});
mutatingRule({
  name: 'narrowed-by-skip',
  kind: Pod,
  operations: ['CREATE'],
  mutate(pod) {
    if (!pod.spec) skip('no_spec', 'the pod has no spec');
    pod.spec.containers.push({ name: 'more' });
  },
});
// A rule that refuses everything needs no allow().
validatingRule({
  name: 'never',
  kind: Pod,
  operations: ['CREATE'],
  validate() {
    deny('never');
  },
});

// The order of the members does not matter to inference.
validatingRule({
  name: 'any-order',
  validate(pod, { found, settings }) {
    const repo: string | undefined = found.website?.spec.gitRepo;
    const least: number = settings.least;
    return (repo?.length ?? 0) > least ? allow() : deny(pod.metadata.name ?? '');
  },
  lookups: { website: { kind: Website, name: (pod) => pod.metadata.name } },
  settings: { type: 'object', properties: { least: { type: 'integer', default: 1 } } },
  kind: Pod,
  operations: ['CREATE'],
});
