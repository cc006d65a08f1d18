import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deny, kind, mutatingRule, Pod, validatingRule } from '../../author.ts';
import { githubReport } from '../../replay/check/github-report.ts';
import { jsonReport } from '../../replay/check/json-report.ts';
import { deployment, gadget, labelled, map, noLatest, owned, pod, proxy, team } from './check-samples.ts';
import { checked, linesOf } from './checked.ts';

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
    summary: { objects: 1, refused: 1, changed: 0, notAsked: 0, notEvaluated: 0, warnings: 0, unread: 1 },
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
