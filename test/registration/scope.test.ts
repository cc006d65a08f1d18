import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigMap, Deployment, kind, Namespace, Pod, type Rule, Secret, StatefulSet } from '../../author.ts';
import { registered, validating } from './registered.ts';

const PodExec = kind<unknown>({
  group: '',
  version: 'v1',
  kind: 'PodExecOptions',
  resource: 'pods/exec',
  scope: 'Namespaced',
});

/** Rules of one webhook, and the entries of its scope: operations, groups/versions, resources, scope. */
const scopes: readonly { sentence: string; rules: readonly Rule[]; scope: readonly string[] }[] = [
  {
    sentence: 'operations of one resource come together, in one order, each once',
    rules: [validating('a', Pod, ['DELETE', 'CREATE']), validating('b', Pod, ['CREATE', 'UPDATE'])],
    scope: ['CREATE,UPDATE,DELETE /v1 pods Namespaced'],
  },
  {
    sentence: 'resources that differ in nothing else come together',
    rules: [validating('a', [Pod, Secret], ['CREATE']), validating('b', ConfigMap, ['CREATE'])],
    scope: ['CREATE /v1 pods,secrets,configmaps Namespaced'],
  },
  {
    sentence: 'nothing is widened: other operations, another group or another scope is another entry',
    rules: [
      validating('a', Pod, ['CREATE']),
      validating('b', Secret, ['UPDATE']),
      validating('c', [Deployment, StatefulSet], ['CREATE']),
      validating('d', Namespace, ['CREATE']),
    ],
    scope: [
      'CREATE /v1 pods Namespaced',
      'UPDATE /v1 secrets Namespaced',
      'CREATE apps/v1 deployments,statefulsets Namespaced',
      'CREATE /v1 namespaces Cluster',
    ],
  },
  {
    sentence: 'a subresource is asked for by its own name, and its parent is not',
    rules: [validating('a', PodExec, ['CONNECT'])],
    scope: ['CONNECT /v1 pods/exec Namespaced'],
  },
  {
    sentence: 'a kind that is named twice is asked for once',
    rules: [validating('a', [Pod, Pod], ['CREATE', 'CREATE'])],
    scope: ['CREATE /v1 pods Namespaced'],
  },
];

for (const { sentence, rules, scope } of scopes) {
  test(sentence, () => {
    const [webhook] = registered(rules).flatMap(({ webhooks }) => webhooks);
    assert.deepEqual(
      webhook?.rules.map(({ operations, apiGroups, apiVersions, resources, scope: where }) =>
        [operations, `${apiGroups}/${apiVersions}`, resources, where].join(' '),
      ),
      scope,
    );
  });
}
