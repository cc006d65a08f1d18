import { type FieldError, invalid } from '../../author.ts';
import { itemsOf } from '../pod/lists.ts';
import { labelOf } from '../pod/metadata.ts';
import type { Container, Pod } from '../pod/types.ts';
import type { Asked } from './asked.ts';
import { argsFor, neededMounts } from './container.ts';
import { shownCredentials } from './credentials.ts';
import { modeOf, suits } from './modes.ts';
import { CONTAINER } from './names.ts';
import { WEBSITE_LABEL } from './routing.ts';

/** Whether the pod has the container that it asks for, and where others have its name. */
export function findGitSync(pod: Pod, asked: Asked): { there: boolean; conflicts: FieldError[] } {
  const taken =
    labelOf(pod, WEBSITE_LABEL) === undefined ? TAKEN : `${TAKEN}, or try again if the Website has just changed`;
  let there = false;
  const conflicts: FieldError[] = [];
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    for (const { item, index } of itemsOf<Named>(pod.spec?.[list])) {
      if (item.name !== CONTAINER) continue;
      if (!there && list !== 'ephemeralContainers' && isOurs(item, list, pod, asked)) there = true;
      else conflicts.push(invalid(`spec.${list}[${index}].name`, CONTAINER, taken));
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
function isOurs(container: Named, list: string, pod: Pod, asked: Asked): boolean {
  const mode = modeOf(container, list);
  if (!suits(mode, pod, asked) || (Array.isArray(container.command) && container.command.length > 0)) return false;
  return hasArgs(container.args, argsFor(asked, mode)) && hasMounts(container, asked) && hasEnv(container, asked);
}

/** Once each, since git-sync heeds the last. */
const DECISIVE = ['repo', 'ref', 'root', 'link', 'submodules', 'one-time', 'ssh-key-file', 'password-file'];

function hasArgs(given: unknown, expected: readonly string[]): boolean {
  const args: readonly unknown[] = Array.isArray(given) ? given : [];
  const named = (all: readonly unknown[], name: string) =>
    all.filter((text) => typeof text === 'string' && (text === `--${name}` || text.startsWith(`--${name}=`)));
  return DECISIVE.every((name) => {
    const [found, ...more] = named(args, name);
    return found === named(expected, name)[0] && more.length === 0;
  });
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
