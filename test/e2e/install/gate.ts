import assert from 'node:assert/strict';
import type { InNamespace } from '../cluster.ts';
import { eventually } from '../eventually.ts';
import { DOWNWARD_API, GIT_REPO, GIT_SYNC, KUBIA, pod, website } from '../objects.ts';
import { done, refused } from '../said.ts';

/** Documents of the user who meets the gate. */
export const GOOD = website({ name: 'good' }, { gitRepo: KUBIA });
export const BAD = website({ name: 'bad' }, { gitRepo: 'https://host' });
export const ASKING = pod({
  name: 'asks',
  labels: { [GIT_SYNC]: 'true', [DOWNWARD_API]: 'true' },
  annotations: { [GIT_REPO]: KUBIA },
});

/** What a user is told whose Website is not in order. */
export const BAD_REFUSED = refused(
  'The Website "bad" is invalid: spec.gitRepo: Invalid value: "https://host": must name a repository after the host\n',
);

const DRY = ['create', '--dry-run=server', '-f', '-'];

/** Waits until bad Websites are refused for what they are, and gives what was said instead before, each once. */
export async function enforced(kubectl: InNamespace): Promise<string[]> {
  const before = new Set<string>();
  await eventually('a bad Website is refused', async () => {
    const outcome = await kubectl(DRY, BAD);
    if (outcome.stderr === BAD_REFUSED.stderr) return true;
    before.add(outcome.stdout + outcome.stderr);
    throw new Error(outcome.stdout + outcome.stderr);
  });
  return [...before];
}

/** Asserts what users see of a gate in force: a refusal, an admission, and a pod that just works. */
export async function assertGate(kubectl: InNamespace): Promise<void> {
  assert.deepEqual(await kubectl(DRY, BAD), BAD_REFUSED);
  assert.deepEqual(await kubectl(DRY, GOOD), done('website.extensions.example.com/good created (server dry run)\n'));
  const names = '{.spec.containers[*].name} {.spec.containers[*].env[0].name}';
  assert.deepEqual(await kubectl([...DRY, '-o', `jsonpath=${names}`], ASKING), done('web git-sync POD_NAME POD_NAME'));
}

/** Asserts that there is no gate: nothing is refused, and nothing done to a pod that asks. */
export async function assertNoGate(kubectl: InNamespace): Promise<void> {
  const containers = 'jsonpath={.spec.containers[*].name} {.spec.containers[*].env}';
  assert.deepEqual(await kubectl([...DRY, '-o', containers], ASKING), done('web '));
  assert.deepEqual(
    await kubectl(['create', 'configmap', 'any', '--dry-run=server']),
    done('configmap/any created (server dry run)\n'),
  );
}
