import { allow, ConfigMap, deny, invalid, mutatingRule, Pod, required, validatingRule } from '../../author.ts';

/** Field errors, at the index of what is wrong. */
export const noLatest = validatingRule({
  name: 'no-latest',
  kind: Pod,
  operations: ['CREATE', 'UPDATE'],
  validate(pod) {
    const problems = pod.spec?.containers.flatMap(({ image }, at) =>
      image?.endsWith(':latest') ? [invalid(`spec.containers[${at}].image`, image, 'must not be latest')] : [],
    );
    const [first, ...others] = problems ?? [];
    if (first !== undefined) deny(first, ...others);
    return allow();
  },
});

/** Puts a container first, so that indices are others in what is validated. */
export const proxy = mutatingRule({
  name: 'proxy',
  kind: Pod,
  operations: ['CREATE'],
  webhook: 'proxy',
  mutate(pod) {
    if (pod.spec?.containers[0]?.name !== 'proxy') pod.spec?.containers.unshift({ name: 'proxy', image: 'proxy:1' });
  },
});

/** Looks up a team, keeps its data, and is asked about deletions. */
export const owned = validatingRule({
  name: 'owned',
  kind: ConfigMap,
  operations: ['CREATE', 'UPDATE', 'DELETE'],
  lookups: { team: { kind: ConfigMap, name: (map) => map.metadata.labels?.team } },
  validate(map, { oldObject, request, found }) {
    if (request.operation === 'DELETE') deny(`${map.metadata.name} is kept`);
    if (oldObject !== undefined && oldObject.data?.a !== map.data?.a)
      deny(invalid('data[a]', map.data?.a, 'is immutable'));
    if (map.metadata.labels?.team === undefined) return allow('metadata.labels: nobody owns it');
    if (found.team === undefined) deny(required('metadata.labels[team]', 'of a team that there is'));
    return allow();
  },
});

/** A Pod of eight lines and two for each further image. */
export const pod = (...images: string[]) =>
  [
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    '  name: web',
    'spec:',
    '  containers:',
    ...images.flatMap((image, at) => [`    - name: c${at}`, `      image: ${image}`]),
  ].join('\n');
/** A Deployment whose image is in line 11. */
export const deployment = (image: string, more = '') =>
  [
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata:',
    '  name: web',
    'spec:',
    '  template:',
    '    metadata: { labels: { app: web } }',
    '    spec:',
    '      containers:',
    '        - name: web',
    `          image: ${image}`,
    more,
  ].join('\n');
/** A ConfigMap; `more` are further lines of its metadata. */
export const map = (name: string, data = 'x', more = '') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}data:\n  a: ${data}\n`;
/** The label by which a ConfigMap is owned. */
export const team = (name: string) => `  labels: { team: ${name} }\n`;
/** A Namespace with labels in YAML. */
export const namespace = (name: string, labels = '{}') =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels: ${labels}\n`;

/** For Namespaces labelled so. */
export const labelled = mutatingRule({
  name: 'labelled',
  kind: ConfigMap,
  operations: ['CREATE'],
  webhook: 'labelled',
  selectors: { own: { namespaceSelector: { matchLabels: { label: 'yes' } } } },
  mutate(map) {
    map.metadata.labels = { ...map.metadata.labels, by: 'labelled' };
  },
});

/** A kind of its own, with a default and a minimum. */
export const gadgets = [
  'apiVersion: apiextensions.k8s.io/v1',
  'kind: CustomResourceDefinition',
  'metadata: { name: gadgets.example.com }',
  'spec:',
  '  group: example.com',
  '  scope: Namespaced',
  '  names: { kind: Gadget, plural: gadgets }',
  '  versions:',
  '    - name: v1',
  '      served: true',
  '      storage: true',
  '      schema:',
  '        openAPIV3Schema:',
  '          type: object',
  '          properties:',
  '            spec:',
  '              type: object',
  '              properties:',
  '                size: { type: integer, minimum: 1 }',
  '                colour: { type: string, default: red }',
].join('\n');
/** One that is too small. */
export const gadget = 'apiVersion: example.com/v1\nkind: Gadget\nmetadata: { name: g }\nspec:\n  size: 0\n';
