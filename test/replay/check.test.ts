import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deny, Pod, type Rule, validatingRule } from '../../author.ts';
import { deployment, map, noLatest, owned, pod, proxy, team } from './check-samples.ts';
import { checked, linesOf, type Texts } from './checked.ts';

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
    'labels and annotations under a name that no metadata has, which kubectl refuses',
    [],
    `${map('a', 'x', '  label: { a: b }\n')}---\n${deployment('a').replace('labels: {', 'annotation: {')}`,
    [
      'a.yaml:5: ConfigMap/a: metadata.label: unknown field, which kubectl refuses, and an API server drops; did you mean labels? [the API server]',
      'a.yaml:15: Deployment/web: spec.template.metadata.annotation: unknown field, which kubectl refuses, and an API server drops; did you mean annotations? [the API server]',
      '2 objects: 2 refused, 0 admitted',
    ],
  ],
  [
    'the value of a label that cannot be one, at its labels',
    [owned],
    map('a', 'x', '  labels:\n    team: the best\n'),
    [
      `a.yaml:5: ConfigMap/a: metadata.labels: Invalid value: "the best": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?') [the API server]`,
      '1 object: 1 refused, 0 admitted',
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
