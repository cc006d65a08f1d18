import { type FieldError, invalid } from '../../author.ts';
import { itemsOf, MOST_TOLD } from '../pod/lists.ts';
import type { Container, VolumeMount } from '../pod/types.ts';
import { clean } from './content-path.ts';
import type { ContentPlace } from './content-place.ts';
import { CONTENT } from './names.ts';

/** The mount that lets a container read the content, a new object at every call. */
export function contentMount({ mountPath }: ContentPlace): VolumeMount {
  return { name: CONTENT, mountPath, readOnly: true };
}

/** Tells whether the container has that mount. */
export function hasContentMount(container: Container, { mountPath }: ContentPlace): boolean {
  return itemsOf(container.volumeMounts).some(({ item }) => isContentMount(item, mountPath));
}

/**
 * The container's own mounts and devices that are in the way of that mount: at its path, which the API server would
 * refuse, or below it, where a runtime could make nothing, since ours is read-only. `field` is the container's path.
 */
export function mountConflicts(container: Container, field: string, { mountPath: path }: ContentPlace): FieldError[] {
  const problem = `is in the way of git-sync's content, whose volume is mounted at ${path}: remove it, or choose another content-path or mount-path`;
  const mounts = itemsOf(container.volumeMounts)
    .filter(({ item }) => isIn(item.mountPath, path) && !isContentMount(item, path))
    .slice(0, MOST_TOLD)
    .map(({ item, index }) => invalid(`${field}.volumeMounts[${index}].mountPath`, item.mountPath, problem));
  const devices = itemsOf(container.volumeDevices)
    .filter(({ item }) => isIn(item.devicePath, path))
    .slice(0, MOST_TOLD)
    .map(({ item, index }) => invalid(`${field}.volumeDevices[${index}].devicePath`, item.devicePath, problem));
  return [...mounts, ...devices];
}

/** Through a subPath a container would for ever see the first checkout (injection.md §1.4). */
function isContentMount(mount: VolumeMount, path: string): boolean {
  const whole = !mount.subPath && !mount.subPathExpr;
  return mount.name === CONTENT && whole && typeof mount.mountPath === 'string' && clean(mount.mountPath) === path;
}

function isIn(inner: unknown, path: string): boolean {
  return typeof inner === 'string' && `${clean(inner)}/`.startsWith(`${path}/`);
}
