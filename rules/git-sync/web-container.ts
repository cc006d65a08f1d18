import { itemsOf } from '../pod/lists.ts';
import type { Container, Pod } from '../pod/types.ts';
import type { Asked } from './asked.ts';
import { hasContentMount } from './mounts.ts';
import { CONTAINER } from './names.ts';

/**
 * The container that gets the content, with its place: the one that the pod names, otherwise the first. One that has
 * the content already stays the one, since another webhook may since have put its own container first.
 */
export function webContainer(pod: Pod, asked: Asked): { item: Container; index: number } | undefined {
  const containers = itemsOf(pod.spec?.containers).filter(({ item }) => item.name !== CONTAINER);
  if (asked.container !== undefined) return containers.find(({ item }) => item.name === asked.container);
  return containers.find(({ item }) => hasContentMount(item, asked.contentPath)) ?? containers[0];
}
