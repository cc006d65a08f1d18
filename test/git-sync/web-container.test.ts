import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { gitSyncPresent } from '../../rules/git-sync/git-sync-present.ts';
import { outcomeOf } from '../pod/outcome-of.ts';
import { webPod } from './pods.ts';

const DEFAULT = 'kubectl.kubernetes.io/default-container';
const [proxy, web, log] = ['proxy', 'web', 'log'].map((name) => ({ name }));
const mounting = { name: 'log', volumeMounts: [{ name: 'git-sync-content', mountPath: '/usr/share/nginx' }] };

const choices: { given: string; containers: unknown[]; annotations: { [name: string]: unknown }; serving: string[] }[] =
  [
    { given: 'no word', containers: [web, log], annotations: {}, serving: ['web'] },
    {
      given: 'a default container',
      containers: [proxy, web, log],
      annotations: { [DEFAULT]: 'web' },
      serving: ['web'],
    },
    { given: 'one that there is not', containers: [web, log], annotations: { [DEFAULT]: 'nginx' }, serving: ['web'] },
    { given: 'one that is no text', containers: [web, log], annotations: { [DEFAULT]: 7 }, serving: ['web'] },
    {
      given: 'a container by git-container, and another default',
      containers: [proxy, web, log],
      annotations: { 'git-container': 'log', [DEFAULT]: 'web' },
      serving: ['log'],
    },
    {
      given: 'a container that mounts the content already, and another default',
      containers: [proxy, web, mounting],
      annotations: { [DEFAULT]: 'web' },
      serving: ['log'],
    },
    {
      given: 'a container by git-container, where another mounts the content already',
      containers: [proxy, web, mounting],
      annotations: { 'git-container': 'web' },
      serving: ['web', 'log'],
    },
    { given: 'nothing in the first place', containers: [null, web], annotations: {}, serving: ['web'] },
  ];
for (const { given, containers, annotations, serving } of choices) {
  for (const sidecar of ['classic', 'native']) {
    test(`a pod with ${given}, and git-sync ${sidecar}: the content is in ${serving.join(' and ')}`, () => {
      const { outcome, pod } = outcomeOf(gitSync, webPod({ containers }, annotations), { settings: { sidecar } });
      assert.equal(outcome.decision, 'allow', JSON.stringify(outcome));
      assert.deepEqual(namesOfServing(pod.spec.containers), serving);
      assert.equal(outcomeOf(gitSync, pod).outcome.decision, 'skip', 'the second time it is the same one');
      assert.equal(outcomeOf(gitSyncPresent, pod).outcome.decision, 'allow', 'and the one that is looked for');
    });
  }
}

test('git-sync itself is nobody that could serve, whatever kubectl shows first', () => {
  const { pod } = outcomeOf(gitSync, webPod({}, { [DEFAULT]: 'git-sync' }));
  assert.deepEqual(pod.spec.containers[0].volumeMounts, [
    { name: 'git-sync-content', mountPath: '/usr/share/nginx', readOnly: true },
  ]);
});

const kept: { given: string; annotations: { [name: string]: string }; sidecar: string; expected: unknown }[] = [
  { given: 'no word of its own, classic', annotations: {}, sidecar: 'classic', expected: 'proxy' },
  { given: 'no word of its own, native', annotations: {}, sidecar: 'native', expected: undefined },
  { given: 'its own word, classic', annotations: { [DEFAULT]: 'web' }, sidecar: 'classic', expected: 'web' },
  { given: 'its own word, native', annotations: { [DEFAULT]: 'web' }, sidecar: 'native', expected: 'web' },
  { given: 'a git-container, classic', annotations: { 'git-container': 'web' }, sidecar: 'classic', expected: 'proxy' },
];
for (const { given, annotations, sidecar, expected } of kept) {
  test(`kubectl chooses as before: ${given}`, () => {
    const given = webPod({ containers: [proxy, web] }, annotations);
    const { pod } = outcomeOf(gitSync, given, { settings: { sidecar } });
    assert.equal(pod.metadata.annotations[DEFAULT], expected);
  });
}

function namesOfServing(containers: readonly ({ name: string; volumeMounts?: { name: string }[] } | null)[]): string[] {
  return containers
    .filter((container) => container?.volumeMounts?.some(({ name }) => name === 'git-sync-content'))
    .flatMap((container) => (container === null || container.name === 'git-sync' ? [] : [container.name]));
}
