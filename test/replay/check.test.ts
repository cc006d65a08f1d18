import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  allow,
  ConfigMap,
  Deployment,
  deny,
  invalid,
  kind,
  mutatingRule,
  Pod,
  type Rule,
  required,
  validatingRule,
} from '../../author.ts';
import { githubReport } from '../../replay/check/github-report.ts';
import { jsonReport } from '../../replay/check/json-report.ts';
import { checked, linesOf, type Texts } from './checked.ts';

const noLatest = validatingRule({
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
const proxy = mutatingRule({
  name: 'proxy',
  kind: Pod,
  operations: ['CREATE'],
  webhook: 'proxy',
  mutate(pod) {
    if (pod.spec?.containers[0]?.name !== 'proxy') pod.spec?.containers.unshift({ name: 'proxy', image: 'proxy:1' });
  },
});

const owned = validatingRule({
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

const pod = (...images: string[]) =>
  [
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    '  name: web',
    'spec:',
    '  containers:',
    ...images.flatMap((image, at) => [`    - name: c${at}`, `      image: ${image}`]),
  ].join('\n');
const deployment = (image: string, more = '') =>
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
const map = (name: string, data = 'x', more = '') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}data:\n  a: ${data}\n`;
const team = (name: string) => `  labels: { team: ${name} }\n`;
const namespace = (name: string, labels = '{}') =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels: ${labels}\n`;

type Row = readonly [sentence: string, rules: readonly Rule[], texts: string | Texts, lines: readonly string[]];

const LATEST = 'Invalid value: "web:latest": must not be latest [no-latest]';

const rows: readonly Row[] = [
  [
    'a field that is wrong, at its line',
    [noLatest],
    pod('web:1', 'web:latest'),
    [`a.yaml:10: Pod/web: spec.containers[1].image: ${LATEST}`, '1 object: 1 refused, 0 admitted'],
  ],
  [
    'the field of a Pod inside a controller, as it is called there',
    [noLatest],
    deployment('web:latest'),
    [`a.yaml:11: Deployment/web: spec.template.spec.containers[0].image: ${LATEST}`, '1 object: 1 refused, 0 admitted'],
  ],
  [
    'a field of what webhooks have put something before, as it was written',
    [proxy, noLatest],
    pod('web:latest'),
    [`a.yaml:8: Pod/web: spec.containers[0].image: ${LATEST}`, '1 object: 1 refused, 0 admitted'],
  ],
  [
    'policy, at the object, and of Pods inside a controller at their template',
    [
      validatingRule({
        name: 'no',
        kind: Pod,
        operations: ['CREATE'],
        validate: () => deny('no pods today', 'nor ever'),
      }),
    ],
    `${pod('a')}\n---\n${deployment('a')}`,
    [
      'a.yaml:1: Pod/web: no pods today [no]',
      'a.yaml:1: Pod/web: nor ever [no]',
      'a.yaml:15: Deployment/web: spec.template: no pods today [no]',
      'a.yaml:15: Deployment/web: spec.template: nor ever [no]',
      '2 objects: 2 refused, 0 admitted',
    ],
  ],
  [
    'policy of several lines, in one',
    [validatingRule({ name: 'no', kind: Pod, operations: ['CREATE'], validate: () => deny('no:\n  not today') })],
    pod('a'),
    ['a.yaml:1: Pod/web: no: not today [no]', '1 object: 1 refused, 0 admitted'],
  ],
  [
    'a warning, at the field that it begins with',
    [owned],
    map('a', 'x', '  labels: {}\n'),
    ['a.yaml:5: warning: ConfigMap/a: metadata.labels: nobody owns it [owned]', '1 object: all admitted, 1 warning'],
  ],
  [
    'a rule that fails, which refuses as it would in a cluster',
    [
      validatingRule({
        name: 'breaks',
        kind: Pod,
        operations: ['CREATE'],
        validate: () => {
          throw new Error('oh');
        },
      }),
    ],
    pod('a'),
    [
      'a.yaml:1: Pod/web: failed to call webhook: rule breaks failed: Error: oh [policy.example.com]',
      '1 object: 1 refused, 0 admitted',
    ],
  ],
  [
    'an object in a namespace that is left alone is nobody’s business',
    [noLatest],
    pod('web:latest').replace('name: web', 'name: web\n  namespace: left-alone'),
    ['1 object: all admitted, nobody is asked about 1'],
  ],
  [
    'so are kinds that nobody knows, and the others are checked',
    [noLatest],
    `apiVersion: example.com/v1\nkind: Gadget\nmetadata: { name: g }\n---\n${pod('web:1')}`,
    ['2 objects: all admitted, nobody is asked about 1'],
  ],
  [
    'an update of what stands in --from, and a deletion of what only stands there',
    [owned],
    { applied: map('a', 'z'), old: `${map('a', 'x')}---\n${map('b')}` },
    [
      'a.yaml:6: ConfigMap/a: data[a]: Invalid value: "z": is immutable [owned]',
      'old.yaml:8: ConfigMap/b: b is kept [owned]',
      '2 objects: 2 refused, 0 admitted',
    ],
  ],
  [
    'of an unchanged object nothing, and the same name in another namespace is another object',
    [owned],
    {
      applied: map('a', 'x', team('t')),
      old: map('a', 'x', team('t')),
      around: map('t', 'x', '  namespace: here\n'),
    },
    ['1 object: all admitted'],
  ],
  [
    'what is looked up is among the manifests, whatever their order',
    [owned],
    `${map('a', 'x', team('t'))}---\n${map('t', 'x', team('t'))}`,
    ['2 objects: all admitted'],
  ],
  [
    'or in --cluster; in another namespace it is not',
    [owned],
    {
      applied: `${map('a', 'x', team('t'))}---\n${map('b', 'x', team('elsewhere'))}`,
      around: `${map('t')}---\n${map('elsewhere', 'x', '  namespace: there\n')}`,
    },
    [
      'a.yaml:13: ConfigMap/b: metadata.labels[team]: Required value: of a team that there is [owned]',
      '2 objects: 1 refused, 1 admitted',
    ],
  ],
  [
    'an object that stands there twice',
    [],
    `${map('a')}---\n${map('a', 'y')}---\n${map('a', 'x', '  namespace: there\n')}---\n${map('a', 'x', '  namespace: here\n')}`,
    [
      'a.yaml:8: warning: ConfigMap/a: ConfigMap/a stands at a.yaml:1 already; the last one that is applied stays',
      'a.yaml:23: warning: ConfigMap/a: ConfigMap/a stands at a.yaml:1 already; the last one that is applied stays',
      '4 objects: all admitted, nobody is asked about 4, 2 warnings',
    ],
  ],
  [
    'labels and annotations that YAML makes something else of, which no API server takes',
    [],
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels:\n    a: "on"\n    b: off\n  annotations: { c: 1 }\n---\n${deployment('a').replace('app: web', 'app: yes')}`,
    [
      'a.yaml:7: Pod/a: metadata.labels[b]: must be a text, and YAML reads it as false: put it into quotes [the API server]',
      'a.yaml:8: Pod/a: metadata.annotations[c]: must be a text, and YAML reads it as 1: put it into quotes [the API server]',
      'a.yaml:16: Deployment/web: spec.template.metadata.labels[app]: must be a text, and YAML reads it as true: put it into quotes [the API server]',
      '2 objects: 2 refused, 0 admitted',
    ],
  ],
  [
    'an object without a name',
    [],
    'apiVersion: v1\nkind: Pod\nmetadata:\n  labels: {}\n',
    [
      'a.yaml:3: Pod/: metadata.name: Required value: name or generateName is required [the API server]',
      '1 object: 1 refused, 0 admitted',
    ],
  ],
];

describe('a check tells of', () => {
  for (const [sentence, rules, texts, lines] of rows) {
    test(sentence, async () => assert.deepEqual(linesOf(await checked(rules, texts)), lines));
  }
});

const labelled = mutatingRule({
  name: 'labelled',
  kind: ConfigMap,
  operations: ['CREATE'],
  webhook: 'labelled',
  selectors: { own: { namespaceSelector: { matchLabels: { label: 'yes' } } } },
  mutate(map) {
    map.metadata.labels = { ...map.metadata.labels, by: 'labelled' };
  },
});

test('the Namespaces among the manifests, and in --cluster, decide about namespaceSelectors; one that is not there has no labels', async () => {
  const inNamespaces = ['mine', 'around', 'unlabelled', 'unknown'].map((name) =>
    map('a', 'x', `  namespace: ${name}\n`),
  );
  const applied = [namespace('mine', '{ label: "yes" }'), namespace('unlabelled'), ...inNamespaces].join('---\n');
  const done = await checked([labelled], {
    applied,
    around: namespace('around', '{ label: "yes" }'),
  });
  const changed = done.objects.filter(({ requests }) => requests.some(({ chain }) => chain?.verdict === 'patched'));
  assert.deepEqual(
    changed.map(({ manifest }) => manifest.object.metadata.namespace),
    ['mine', 'around'],
  );
  assert.deepEqual(done.unknownNamespaces, ['unknown']);
  assert.ok(
    linesOf(done, { isVerbose: true }).includes('no Namespace unknown is given: it is taken to have no labels'),
  );
});

test('of a Namespace that stands there twice, the last one counts', async () => {
  const applied = [namespace('mine', '{ label: "yes" }'), namespace('mine'), map('a', 'x', '  namespace: mine\n')];
  const done = await checked([labelled], applied.join('---\n'));
  assert.equal(done.objects[2]?.requests[0]?.chain?.verdict, 'allowed');
});

const gadgets = [
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
const gadget = 'apiVersion: example.com/v1\nkind: Gadget\nmetadata: { name: g }\nspec:\n  size: 0\n';

test('the schema of a CustomResourceDefinition among the manifests holds for its objects, and fills in its defaults', async () => {
  const done = await checked(
    [],
    `${gadget}---\n${gadgets}\n---\n${gadget.replace('name: g', 'name: h').replace('0', '2')}`,
  );
  assert.deepEqual(linesOf(done), [
    'a.yaml:5: Gadget/g: spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1 [the schema of its CRD]',
    '3 objects: 1 refused, 2 admitted, nobody is asked about 1',
  ]);
  const [refused, , stored] = done.objects.map(({ stored }) => stored);
  assert.equal(refused, undefined);
  assert.deepEqual(stored?.spec, { size: 2, colour: 'red' });
  assert.equal(stored?.metadata.namespace, 'here');
});

test('a CustomResourceDefinition that cannot be used is told, and hides nothing else', async () => {
  const done = await checked([noLatest], `${gadgets.replace('versions', 'version')}\n---\n${pod('web:latest')}`);
  assert.equal(done.unread.length, 1);
  assert.match(
    done.unread[0]?.reason ?? '',
    /^CustomResourceDefinition\/gadgets\.example\.com: it cannot be used: .*spec\.versions/,
  );
  assert.equal(done.unread[0]?.line, 1);
  assert.equal(done.objects.filter(({ isRefused }) => isRefused).length, 1);
});

test('an object that only a webhook could convert is told, and is not among those that are admitted', async () => {
  const rule = validatingRule({
    name: 'gadgets',
    kind: kind<object>({
      group: 'example.com',
      version: 'v1',
      kind: 'Gadget',
      resource: 'gadgets',
      scope: 'Namespaced',
    }),
    operations: ['CREATE'],
    validate: () => allow(),
  });
  const crd = `${gadgets}\n    - { name: v2, served: true, storage: false }\n  conversion: { strategy: Webhook }`;
  const done = await checked([rule], `${crd}\n---\n${gadget.replace('/v1', '/v2')}`);
  assert.deepEqual(
    done.unread.map(({ line, reason }) => [line, /webhook/i.test(reason)]),
    [[24, true]],
  );
  assert.deepEqual(
    done.objects.map(({ manifest }) => manifest.object.kind),
    ['CustomResourceDefinition'],
  );
});

test('who asks is the controller, of the Pods that it makes, and the author of an object itself', async () => {
  const asked: string[] = [];
  const who = validatingRule({
    name: 'who',
    kind: [Pod, Deployment],
    operations: ['CREATE'],
    validate(object, { request }) {
      asked.push(`${object.kind} ${request.userInfo.username} ${request.namespace}`);
      return allow();
    },
  });
  await checked([who], deployment('a'));
  assert.deepEqual(asked, [
    'Deployment author here',
    'Pod system:serviceaccount:kube-system:replicaset-controller here',
  ]);
});

test('what webhooks change is shown as a unified diff, without what is the API server’s', async () => {
  const lines = linesOf(await checked([proxy], deployment('a')), { hasDiffs: true });
  assert.deepEqual(lines, [
    '--- a.yaml:6 Deployment/web spec.template',
    '+++ a.yaml:6 Deployment/web spec.template, after the webhooks',
    lines[2],
    ...lines.slice(3, 6),
    '+    - name: proxy',
    '+      image: proxy:1',
    ...lines.slice(8, 10),
    '1 object: all admitted, 1 changed',
  ]);
  assert.match(lines[2] ?? '', /^@@ -\d+,\d+ \+\d+,\d+ @@$/);
  assert.ok(lines.slice(3, 6).every((line) => line.startsWith(' ')));
});

test('with -v, of each object who was asked and what each rule decided, who was not and why, and what is not there', async () => {
  const done = await checked([owned, labelled], map('a', 'x', team('t')));
  assert.deepEqual(linesOf(done, { isVerbose: true }), [
    'a.yaml:1: ConfigMap/a: refused',
    'a.yaml:5: ConfigMap/a: metadata.labels[team]: Required value: of a team that there is [owned]',
    '  CREATE: policy.example.com: owned: deny',
    '  CREATE: not asked: the namespaceSelector of own.labelled.example.com does not match',
    '  CREATE: looked up, and taken not to exist: ConfigMap t in namespace here',
    'no Namespace here is given: it is taken to have no labels',
    '1 object: 1 refused, 0 admitted',
  ]);
});

test('integers keep their digits, where a webhook has changed the object, too', async () => {
  const big = kind<{ spec: object }>({
    group: 'example.com',
    version: 'v1',
    kind: 'Gadget',
    resource: 'gadgets',
    scope: 'Namespaced',
  });
  const labels = mutatingRule({
    name: 'labels',
    kind: big,
    operations: ['CREATE'],
    mutate(object) {
      object.metadata.labels = { a: 'b' };
    },
  });
  const done = await checked([labels], `${gadget}  big: 9007199254740993\n`);
  assert.match(JSON.stringify(done.objects[0]?.stored), /"labels":\{"a":"b"\}.*"big":9007199254740993/);
});

test('a thousand objects come out as a thousand, each with its own line', async () => {
  const done = await checked(
    [noLatest],
    Array.from({ length: 1000 }, () => pod('web:latest').replace('name: web', 'generateName: web-')).join('\n---\n'),
  );
  assert.deepEqual(
    done.objects.map(({ problems }) => problems.map(({ line }) => line)),
    Array.from({ length: 1000 }, (_, at) => [at * 9 + 8]),
  );
});

test('JSON tells the same to machines', async () => {
  const report = jsonReport(await checked([noLatest, labelled], `${pod('web:latest')}\n---\na: 1\n`));
  assert.deepEqual(JSON.parse(JSON.stringify(report)), {
    version: 1,
    summary: { objects: 1, refused: 1, changed: 0, notAsked: 0, warnings: 0, unread: 1 },
    objects: [
      {
        file: 'a.yaml',
        line: 1,
        apiVersion: 'v1',
        kind: 'Pod',
        name: 'web',
        isRefused: true,
        isAsked: true,
        problems: [
          {
            isWarning: false,
            line: 8,
            field: 'spec.containers[0].image',
            message: 'Invalid value: "web:latest": must not be latest',
            by: 'no-latest',
          },
        ],
        requests: [
          {
            operation: 'CREATE',
            verdict: 'denied',
            decisions: [{ webhook: 'policy.example.com', rule: 'no-latest', decision: 'deny' }],
            notCalled: ['own.labelled.example.com is not for CREATE of pods'],
            notEvaluated: [],
            missed: [],
          },
        ],
      },
    ],
    unread: [{ file: 'a.yaml', line: 10, reason: 'an object of Kubernetes has apiVersion and kind' }],
  });
});

test('GitHub gets an annotation for each problem, in which nothing can begin another', async () => {
  const rule = validatingRule({
    name: 'no',
    kind: Pod,
    operations: ['CREATE'],
    validate: () => deny('100% no, and\n::error::no'),
  });
  const lines = githubReport(await checked([rule, owned], `${pod('a')}\n---\n${map('"a,b: c"')}`));
  assert.deepEqual(lines, [
    '::error file=a.yaml,line=1,title=Pod/web::100%25 no, and%0A::error::no [no]',
    '::warning file=a.yaml,line=12,title=ConfigMap/a%2Cb%3A c::metadata.labels: nobody owns it [owned]',
  ]);
});
