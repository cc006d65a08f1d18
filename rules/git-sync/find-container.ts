import { type FieldError, invalid } from '../../author.ts';
import { itemsOf } from '../pod/lists.ts';
import type { Container, Pod } from '../pod/types.ts';
import type { Asked } from './asked.ts';
import { argsFor } from './container.ts';
import { CONTAINER } from './names.ts';

/** Whether the pod has the container that it asks for, and where others have its name. */
export function findGitSync(pod: Pod, asked: Asked): { there: boolean; conflicts: FieldError[] } {
  const args = argsFor(asked);
  let there = false;
  const conflicts: FieldError[] = [];
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    for (const { item, index } of itemsOf<Named>(pod.spec?.[list])) {
      if (item.name !== CONTAINER) continue;
      if (!there && runsWhereItShould(item, list, asked.oneTime) && sameList(item.args, args)) there = true;
      else conflicts.push(invalid(`spec.${list}[${index}].name`, CONTAINER, TAKEN));
    }
  }
  return { there, conflicts };
}

type Named = Pick<Container, 'name' | 'args' | 'restartPolicy'>;

const TAKEN = 'is the name of the container that git-sync adds, and this is another one: rename or remove it';

/** An init container that runs once, or one that runs on: beside the pod's own, or as a native sidecar before them. */
function runsWhereItShould(container: Named, list: string, oneTime: boolean): boolean {
  if (list === 'initContainers') return oneTime !== (container.restartPolicy === 'Always');
  return list === 'containers' && !oneTime;
}

/**
 * The arguments make it ours: they say what is fetched and where to. The image does not, since webhooks that bring
 * images from a mirror change it, and all else may be defaulted.
 */
function sameList(given: unknown, expected: readonly string[]): boolean {
  return (
    Array.isArray(given) && given.length === expected.length && given.every((text, index) => text === expected[index])
  );
}
