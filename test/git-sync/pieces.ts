import type { JsonObject } from '../../webhook/decode.ts';

/** Something that was added to a pod; `without` gives a copy of the pod that lacks it. */
export interface Piece {
  readonly piece: string;
  readonly without: () => JsonObject;
}

/** Each that the second pod has and the first has not, of those that git-sync works with. */
export function piecesOf(before: JsonObject, after: JsonObject): Piece[] {
  const lists = ['initContainers', 'containers', 'volumes'].flatMap((list) => {
    const there = objectsIn(before, list).map(({ name }) => name);
    const added = objectsIn(after, list).filter(({ name }) => !there.includes(name));
    return added.map(({ name }) => ({ piece: `${list}: ${name}`, without: () => withoutItem(after, list, name) }));
  });
  const mounts = objectsIn(after, 'containers').flatMap((container) => {
    const there = objectsIn(before, 'containers').find(({ name }) => name === container.name);
    if (there === undefined || contentMounts(there) === contentMounts(container)) return [];
    return [{ piece: `the mount of ${container.name}`, without: () => withoutMount(after, container.name) }];
  });
  return [...lists, ...mounts];
}

function withoutItem(pod: JsonObject, list: string, name: unknown): JsonObject {
  const copy = structuredClone(pod) as { spec: JsonObject };
  copy.spec[list] = objectsIn(copy as unknown as JsonObject, list).filter((item) => item.name !== name);
  return copy as unknown as JsonObject;
}

function withoutMount(pod: JsonObject, name: unknown): JsonObject {
  const copy = structuredClone(pod);
  for (const container of objectsIn(copy, 'containers')) {
    if (container.name !== name) continue;
    container.volumeMounts = (container.volumeMounts as JsonObject[]).filter((mount) => mount.name !== CONTENT);
  }
  return copy;
}

const CONTENT = 'git-sync-content';

function contentMounts({ volumeMounts }: JsonObject): number {
  const mounts = (volumeMounts ?? []) as JsonObject[];
  return mounts.filter(({ name }) => name === CONTENT).length;
}

function objectsIn({ spec }: JsonObject, list: string): JsonObject[] {
  const { [list]: items } = (spec ?? {}) as { [list: string]: JsonObject[] | null | undefined };
  return items ?? [];
}
