import assert from 'node:assert/strict';

/** How a pod's git-sync runs: its place and its restartPolicy say so. */
export type RunsAs = 'native' | 'classic' | 'once';

/** The pod's one git-sync, how it runs, and the names of the containers in its list; none or a second one throws. */
// biome-ignore lint/suspicious/noExplicitAny: pods here are as odd as tests want them
export function gitSyncIn(pod: any): { runsAs: RunsAs; container: any; list: string[] } {
  const { initContainers, containers } = pod.spec;
  const found = [initContainers ?? [], containers ?? []].flatMap((list, index) =>
    list.filter(isGitSync).map((container: { restartPolicy?: string }) => ({
      runsAs: index === 1 ? 'classic' : container.restartPolicy === 'Always' ? 'native' : 'once',
      container,
      list: list.map((one: { name: string }) => one?.name),
    })),
  );
  assert.equal(found.length, 1, 'there is one git-sync');
  return found[0];
}

function isGitSync(container: { name?: unknown } | null): boolean {
  return container?.name === 'git-sync';
}
