import assert from 'node:assert/strict';

/** A pod as an API server has it, or as its author wrote it. */
// biome-ignore lint/suspicious/noExplicitAny: whatever is in it; a test asserts on it
type Pod = any;

/** Where a container finds its token: ServiceAccount admission mounts nothing where something is mounted there already. */
export const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * What each container of the pod has where tokens are, by its name: the volume's member that says its kind, `secret` or
 * `projected` for a token, or `none`.
 */
export function atTokenPath(pod: Pod): { [container: string]: string } {
  return Object.fromEntries(
    containersOf(pod).map(({ name, volumeMounts = [] }) => {
      const mounts = volumeMounts.filter(({ mountPath }: Pod) => mountPath === TOKEN_PATH);
      assert.ok(mounts.length <= 1);
      return [name, mounts.length === 0 ? 'none' : kindOf(mounts[0].name, pod)];
    }),
  );
}

/**
 * Asserts that no container that was injected mounts a volume which the API server added, anywhere, and that the author's own
 * containers all have the token if one of them has.
 */
export function tokensAreTheUsers(written: Pod, stored: Pod): void {
  const own = containersOf(written).map(({ name }) => name);
  const ofAuthor = (written.spec.volumes ?? []).map(({ name }: Pod) => name);
  const isToken = ({ name }: Pod) => !ofAuthor.includes(name) && !name.startsWith('git-sync-');
  const tokens = (stored.spec.volumes ?? []).filter(isToken);
  assert.ok(tokens.length <= 1);
  for (const { name, volumeMounts = [] } of containersOf(stored)) {
    const mounted = volumeMounts.filter(isToken).map(({ mountPath }: Pod) => mountPath);
    const hasOwn = (find(written, name)?.volumeMounts ?? []).some(({ mountPath }: Pod) => mountPath === TOKEN_PATH);
    const expected = tokens.length === 1 && own.includes(name) && !hasOwn ? [TOKEN_PATH] : [];
    assert.deepEqual([name, mounted], [name, expected]);
  }
}

function containersOf({ spec }: Pod): Pod[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
}

function find(pod: Pod, container: string): Pod {
  return containersOf(pod).find(({ name }) => name === container);
}

function kindOf(volume: string, { spec }: Pod): string {
  const { name, ...source } = spec.volumes.find(({ name }: Pod) => name === volume);
  return Object.keys(source).join();
}
