// Compiles under TypeScript 7, strict, exactOptionalPropertyTypes, noUncheckedIndexedAccess: what the rule API promises.
import type { V1Deployment, V1NetworkPolicy, V1Pod } from '@kubernetes/client-node';
import { allow, deny, type FromSchema, is, kind, mutatingRule, type Rule, skip, validatingRule } from '../author.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Equal<A, B>): void {}

const Pod = kind<V1Pod>({ group: '', version: 'v1', kind: 'Pod', resource: 'pods', scope: 'Namespaced' });
const Deployment = kind<V1Deployment>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  resource: 'deployments',
  scope: 'Namespaced',
});
const NetPol = kind<V1NetworkPolicy>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  resource: 'networkpolicies',
  scope: 'Namespaced',
});
interface WebsiteSpec {
  spec: { gitRepo: string; ref?: string };
}
const Website = kind<WebsiteSpec>({
  group: 'extensions.example.com',
  version: 'v1',
  kind: 'Website',
  resource: 'websites',
  scope: 'Namespaced',
});

// a CRD's schema literal gives the type too: one source, no generator
const crd = {
  type: 'object',
  required: ['gitRepo'],
  properties: {
    gitRepo: { type: 'string' },
    depth: { type: 'integer', default: 1 },
    serviceType: { type: 'string', enum: ['NodePort', 'ClusterIP'] },
  },
} as const;
same<
  FromSchema<typeof crd>,
  { readonly gitRepo: string; readonly depth: number; readonly serviceType?: 'NodePort' | 'ClusterIP' }
>(true);

export const websiteSource: Rule = validatingRule({
  name: 'website-source',
  kind: Website,
  operations: ['CREATE', 'UPDATE'],
  settings: {
    type: 'object',
    properties: {
      allowedHosts: { type: 'array', items: { type: 'string' }, default: [] },
      floor: { type: 'integer' },
      mode: { type: 'string', enum: ['a', 'b'], default: 'a' },
    },
  },
  validate(website, { request, oldObject, settings }) {
    same<typeof settings.allowedHosts, readonly string[]>(true);
    same<typeof settings.floor, number | undefined>(true);
    same<typeof settings.mode, 'a' | 'b'>(true);
    same<typeof request.operation, 'CREATE' | 'UPDATE'>(true);
    const old: string | undefined = oldObject?.spec.gitRepo;
    // @ts-expect-error may be a CREATE
    oldObject.spec;
    // @ts-expect-error unknown setting
    settings.alowedHosts;
    return website.spec.gitRepo === old ? allow() : deny('no');
  },
});
export const gitSync: Rule = mutatingRule({
  name: 'git-sync',
  kind: Pod,
  operations: ['CREATE'],
  lookups: {
    website: { kind: Website, name: (pod) => pod.metadata.labels?.['extensions.example.com/website'] },
    peer: { kind: Pod, name: (_, request) => request.userInfo.username },
  },
  mutate(pod, { found, oldObject }) {
    same<typeof oldObject, undefined>(true);
    if (!found.website) return deny('no such Website');
    const url: string = found.website.spec.gitRepo;
    const node: string | undefined = found.peer?.spec?.nodeName;
    const at: string | undefined = pod.metadata.creationTimestamp;
    pod.spec?.containers.push({ name: url + node + at });
    // @ts-expect-error unknown lookup
    found.nothing;
    if (!pod.spec) skip('no_spec', 'the pod has no spec');
  },
});
export const both = validatingRule({
  name: 'both',
  kind: [Pod, Deployment],
  operations: ['UPDATE', 'DELETE'],
  validate(object, { oldObject, settings }) {
    oldObject.metadata.name; // always there
    if (is(Deployment, object)) {
      const n: number | undefined = object.spec?.replicas;
      return n ? allow() : deny('x');
    }
    same<typeof settings, {}>(true);
    return object.spec?.nodeName ? allow('w') : deny('y');
  },
});
validatingRule({
  name: 'np',
  kind: NetPol,
  operations: ['CREATE'],
  validate(p) {
    const f = p.spec?.ingress?.[0]?.from;
    return f ? allow() : deny('z');
  },
});

// what must not compile
// @ts-expect-error a path without a decision
validatingRule({
  name: 'a',
  kind: Pod,
  operations: ['CREATE'],
  validate(pod) {
    if (pod.spec) return allow();
  },
});
// refuses everything: a deliberate never
validatingRule({
  name: 'b',
  kind: Pod,
  operations: ['CREATE'],
  validate() {
    deny('x');
  },
});
// @ts-expect-error mutating DELETE
mutatingRule({ name: 'c', kind: Pod, operations: ['DELETE'], mutate() {} });
// @ts-expect-error asynchronous
validatingRule({
  name: 'd',
  kind: Pod,
  operations: ['CREATE'],
  async validate() {
    return allow();
  },
});
// @ts-expect-error asynchronous
mutatingRule({ name: 'd2', kind: Pod, operations: ['CREATE'], async mutate() {} });
// @ts-expect-error a lookup without a kind
validatingRule({
  name: 'e',
  kind: Pod,
  operations: ['CREATE'],
  lookups: { w: { name: () => 'x' } },
  validate() {
    return allow();
  },
});
// @ts-expect-error misspelt property
validatingRule({
  name: 'f',
  kind: Pod,
  operations: ['CREATE'],
  failurepolicy: 'Fail',
  validate() {
    return allow();
  },
});
// @ts-expect-error bad schema
validatingRule({
  name: 'g',
  kind: Pod,
  operations: ['CREATE'],
  settings: { type: 'objekt' },
  validate() {
    return allow();
  },
});

// deny() ends the rule, returned or not; after it TypeScript narrows
validatingRule({
  name: 'narrow',
  kind: Pod,
  operations: ['CREATE'],
  validate(pod) {
    if (!pod.spec) deny('x');
    const n: number = pod.spec.containers.length;
    return n > 0 ? allow() : deny('y');
  },
});
mutatingRule({
  name: 'narrow2',
  kind: Pod,
  operations: ['CREATE'],
  mutate(pod) {
    if (!pod.spec) skip('no_spec', 'the pod has no spec');
    pod.spec.containers.push({ name: 'x' });
  },
});
// order: validate before lookups/settings still infers?
validatingRule({
  name: 'order',
  validate(pod, { found, settings }) {
    found.website?.spec.gitRepo;
    const n: number = settings.n;
    return n > 0 ? allow() : deny(pod.metadata.name ?? '');
  },
  lookups: { website: { kind: Website, name: (pod) => pod.metadata.name } },
  settings: { type: 'object', properties: { n: { type: 'integer', default: 1 } } },
  kind: Pod,
  operations: ['CREATE'],
});
