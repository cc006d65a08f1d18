import { type FieldError, invalid } from '../../author.ts';
import { itemsOf } from '../pod/lists.ts';
import type { Pod, Volume } from '../pod/types.ts';
import { CONTENT, TMP } from './names.ts';

/** The volumes that git-sync works with, new objects at every call; `contentSizeLimit` is a quantity. */
export function gitSyncVolumes(contentSizeLimit: string): Volume[] {
  return [
    { name: CONTENT, emptyDir: { sizeLimit: contentSizeLimit } },
    // git's configuration and little else: a few kilobytes.
    { name: TMP, emptyDir: { sizeLimit: '16Mi' } },
  ];
}

/** The names of those that the pod does not have yet. */
export function lackingVolumes(pod: Pod): string[] {
  const there = new Set(itemsOf(pod.spec?.volumes).map(({ item }) => item.name));
  return [CONTENT, TMP].filter((name) => !there.has(name));
}

/**
 * Volumes of our names that hold something else than an empty directory: to mount a user's hostPath where git-sync
 * writes would be a way to write to the node.
 */
export function volumeConflicts(pod: Pod): FieldError[] {
  return itemsOf(pod.spec?.volumes)
    .filter(({ item }) => (item.name === CONTENT || item.name === TMP) && !isEmptyDir(item))
    .map(({ item, index }) => invalid(`spec.volumes[${index}].name`, item.name, TAKEN));
}

const TAKEN = 'is the name of a volume that git-sync adds, and this is another one: rename it';

/** An emptyDir and nothing besides. Which limit it has is left open: another webhook may have set its own. */
function isEmptyDir(volume: Volume): boolean {
  const sources = Object.entries(volume).filter(([key, value]) => key !== 'name' && (value ?? undefined) !== undefined);
  return sources.length === 1 && sources[0]?.[0] === 'emptyDir';
}
