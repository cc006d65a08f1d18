import { type FieldError, invalid } from '../../author.ts';
import { itemsOf, MOST_TOLD } from '../pod/lists.ts';
import { labelOf } from '../pod/metadata.ts';
import type { Container, Pod } from '../pod/types.ts';
import type { Asked } from './asked.ts';
import { argsFor, neededMounts } from './container.ts';
import { shownCredentials } from './credentials.ts';
import { type Mode, modeOf, suits } from './modes.ts';
import { CONTAINER } from './names.ts';
import { WEBSITE_LABEL } from './routing.ts';

/** Whether the pod has the container that it asks for, and where others have its name. */
export function findGitSync(pod: Pod, asked: Asked): { there: boolean; conflicts: FieldError[] } {
  const taken =
    labelOf(pod, WEBSITE_LABEL) === undefined ? TAKEN : `${TAKEN}, or try again if the Website has just changed`;
  const isOurs = recognizing(pod, asked);
  let there = false;
  const conflicts: FieldError[] = [];
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    for (const { item, index } of itemsOf<Named>(pod.spec?.[list])) {
      if (item.name !== CONTAINER) continue;
      if (!there && list !== 'ephemeralContainers' && isOurs(item, list)) there = true;
      else if (conflicts.length < MOST_TOLD) conflicts.push(invalid(`spec.${list}[${index}].name`, CONTAINER, taken));
    }
  }
  return { there, conflicts };
}

type Named = Pick<Container, 'name' | 'args' | 'command' | 'env' | 'restartPolicy' | 'volumeMounts'>;

const TAKEN = 'is the name of the container that git-sync adds, and this is another one: rename or remove it';

/**
 * What it fetches, where to and as whom makes it ours. The image does not, which webhooks that bring images from a mirror
 * change, nor does how often it fetches or how much of the machine it may have: another version of Portcullis, which
 * answers beside this one while it is rolled out, may say that otherwise.
 */
function recognizing(pod: Pod, asked: Asked): (container: Named, list: string) => boolean {
  // A pod may have the name a hundred thousand times, and each mode's arguments are always the same.
  const expected = new Map<Mode, Decisive>();
  return (container, list) => {
    const mode = modeOf(container, list);
    if (!suits(mode, pod, asked) || (Array.isArray(container.command) && container.command.length > 0)) return false;
    const args = expected.get(mode) ?? decisiveIn(argsFor(asked, mode));
    expected.set(mode, args);
    return hasArgs(container.args, args) && hasMounts(container, asked) && hasEnv(container, asked);
  };
}

/** Once each, since git-sync heeds the last. */
const DECISIVE = ['repo', 'ref', 'root', 'link', 'submodules', 'one-time', 'ssh-key-file', 'password-file'];

/** Those among a command line's arguments, by their names, and undefined where one stands twice. */
type Decisive = ReadonlyMap<string, string | undefined>;

function decisiveIn(args: readonly unknown[]): Decisive {
  const found = new Map<string, string | undefined>();
  for (const text of args) {
    if (typeof text !== 'string') continue;
    const name = DECISIVE.find((name) => text === `--${name}` || text.startsWith(`--${name}=`));
    if (name !== undefined) found.set(name, found.has(name) ? undefined : text);
  }
  return found;
}

function hasArgs(given: unknown, expected: Decisive): boolean {
  const found = decisiveIn(Array.isArray(given) ? given : []);
  return found.size === expected.size && [...expected].every(([name, text]) => found.get(name) === text);
}

function hasMounts({ volumeMounts: given }: Named, asked: Asked): boolean {
  const mounts = itemsOf(given);
  return neededMounts(asked).every(({ name, mountPath }) =>
    mounts.some(({ item }) => item.name === name && item.mountPath === mountPath && !item.subPath && !item.subPathExpr),
  );
}

function hasEnv({ env: given }: Named, asked: Asked): boolean {
  return shownCredentials(asked.fetched).env.every(({ name, valueFrom }) =>
    itemsOf(given).some(
      ({ item }) => item.name === name && item.valueFrom?.secretKeyRef?.name === valueFrom?.secretKeyRef?.name,
    ),
  );
}
