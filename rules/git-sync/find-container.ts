import { type FieldError, invalid } from '../../author.ts';
import { itemsOf } from '../pod/lists.ts';
import type { Container, Pod } from '../pod/types.ts';
import type { Asked } from './asked.ts';
import { argsFor } from './container.ts';
import { CONTAINER } from './names.ts';
import { HTTP_BIND } from './probe.ts';

/** Whether the pod has the container that it asks for, and where others have its name. */
export function findGitSync(pod: Pod, asked: Asked): { there: boolean; conflicts: FieldError[] } {
  const args = argsFor(asked);
  let there = false;
  const conflicts: FieldError[] = [];
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    for (const { item, index } of itemsOf<Named>(pod.spec?.[list])) {
      if (item.name !== CONTAINER) continue;
      if (!there && runsWhereItShould(item, list, asked.oneTime) && hasArgs(item.args, args)) there = true;
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
 * The arguments make it ours: they say what is fetched and where to. Where it listens does not, since that hangs on
 * what the pod was when it was injected; nor does the image, which webhooks that bring images from a mirror change.
 */
function hasArgs(given: unknown, expected: readonly string[]): boolean {
  const args: unknown[] = Array.isArray(given) ? given.filter((text) => text !== HTTP_BIND) : [];
  return args.length === expected.length && args.every((text, index) => text === expected[index]);
}
