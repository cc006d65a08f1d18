import { itemsOf } from '../pod/lists.ts';
import { annotationOf } from '../pod/metadata.ts';
import type { Container, Pod } from '../pod/types.ts';
import type { Asked } from './asked.ts';
import { hasContentMount } from './mounts.ts';
import { CONTAINER } from './names.ts';

/** Where kubectl looks first, and what injectors that put theirs first leave behind for the user's own. */
export const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

/**
 * The container that gets the content, with its place: the one that the pod names, otherwise its default container,
 * otherwise the first. One that has the content already stays the one, since another webhook may since have put its
 * own container first.
 */
export function webContainer(pod: Pod, asked: Asked): { item: Container; index: number } | undefined {
  const containers = itemsOf(pod.spec?.containers).filter(({ item }) => item.name !== CONTAINER);
  const named = (name: unknown) => containers.find(({ item }) => item.name === name);
  if (asked.container !== undefined) return named(asked.container);
  const served = containers.find(({ item }) => hasContentMount(item, asked.content));
  return served ?? named(annotationOf(pod, DEFAULT_CONTAINER)) ?? containers[0];
}
