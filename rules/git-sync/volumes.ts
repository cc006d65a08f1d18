import { type FieldError, invalid } from '../../author.ts';
import { itemsOf, MOST_TOLD } from '../pod/lists.ts';
import type { Pod, Volume } from '../pod/types.ts';
import type { Asked } from './asked.ts';
import { credentialsVolume } from './credentials.ts';
import { CONTENT, CREDENTIALS, TMP } from './names.ts';

/** The volumes that git-sync works with, new objects at every call; `contentSizeLimit` is a quantity. */
export function gitSyncVolumes({ fetched }: Asked, contentSizeLimit: string): Volume[] {
  return [
    { name: CONTENT, emptyDir: { sizeLimit: contentSizeLimit } },
    // git's configuration and little else: a few kilobytes.
    { name: TMP, emptyDir: { sizeLimit: '16Mi' } },
    ...(fetched.secret === '' ? [] : [credentialsVolume(fetched)]),
  ];
}

/** The names of those that the pod does not have yet. */
export function lackingVolumes(pod: Pod, { fetched }: Asked): string[] {
  const there = new Set(itemsOf(pod.spec?.volumes).map(({ item }) => item.name));
  const wanted = [CONTENT, TMP, ...(fetched.secret === '' ? [] : [CREDENTIALS])];
  return wanted.filter((name) => !there.has(name));
}

/**
 * Volumes of our names that hold something else: to mount a user's hostPath where git-sync writes would be a way to write
 * to the node. `secret` is the one that is asked for; undefined while that is not known, and then any will do.
 */
export function volumeConflicts(pod: Pod, secret?: string): FieldError[] {
  const isOurs: { readonly [name: string]: (volume: Volume) => boolean } = {
    [CONTENT]: isEmptyDir,
    [TMP]: isEmptyDir,
    [CREDENTIALS]: (volume) => isSecret(volume, secret),
  };
  return itemsOf(pod.spec?.volumes)
    .filter(({ item }) => typeof item.name === 'string' && Object.hasOwn(isOurs, item.name))
    .filter(({ item }) => isOurs[item.name]?.(item) === false)
    .slice(0, MOST_TOLD)
    .map(({ item, index }) => invalid(`spec.volumes[${index}].name`, item.name, TAKEN));
}

const TAKEN = 'is the name of a volume that git-sync adds, and this is another one: rename it';

/** Which limit it has is left open: another webhook may have set its own. */
function isEmptyDir(volume: Volume): boolean {
  return sourceOf(volume) === 'emptyDir';
}

function isSecret(volume: Volume, secret: string | undefined): boolean {
  return sourceOf(volume) === 'secret' && (secret === undefined || volume.secret?.secretName === secret);
}

/** What the volume is, where it is one thing and nothing besides. */
function sourceOf(volume: Volume): string | undefined {
  const sources = Object.entries(volume).filter(([key, value]) => key !== 'name' && (value ?? undefined) !== undefined);
  return sources.length === 1 ? sources[0]?.[0] : undefined;
}
