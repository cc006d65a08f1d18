import { deny, forbidden, mutatingRule, Pod, skip } from '../../author.ts';
import { itemsOf, listIn } from '../pod/lists.ts';
import type { Container, EnvVar, Pod as PodObject } from '../pod/types.ts';
import { decide } from './decide.ts';
import { routing } from './routing.ts';
import { downwardEnv, variableNames } from './variables.ts';

/**
 * Every container of a pod that asks, or whose namespace does, learns from its environment which pod it is, where it
 * runs and what it may use. The variables stand before the user's own, so that those may refer to them as
 * `$(POD_NAME)`; a name that the user has stays the user's.
 */
export const downwardApi = mutatingRule({
  name: 'downward-api',
  kind: Pod,
  operations: ['CREATE'],
  ...routing,
  settings: {
    type: 'object',
    properties: {
      prefix: {
        type: 'string',
        pattern: '^([A-Z_][A-Z0-9_]*)?$',
        default: '',
        description:
          "Stands before every name: MY_ makes MY_POD_NAME. env beats envFrom, so a prefix keeps clear of a ConfigMap's keys.",
      },
      variables: {
        type: 'array',
        items: { type: 'string', enum: variableNames },
        minItems: 1,
        default: variableNames,
        description: 'Which variables containers get; all unless said.',
      },
    },
  },
  mutate(pod, { request, settings }) {
    const decision = decide(pod, request.selector);
    if (decision.verdict === 'skip') skip(decision.reason, decision.sentence);
    const containers = containersOf(pod);
    if (containers.length === 0) skip('no_containers', 'the pod has no containers');
    if (containers.length > MOST_CONTAINERS) tooLarge(containers.length, request.selector);
    let added = 0;
    for (const container of containers) {
      added += prependEnv(container, downwardEnv(settings.variables, settings.prefix));
    }
    if (added === 0) skip('already_injected', 'every container has the variables');
  },
});

/**
 * etcd takes 1.5 MiB (its --max-request-bytes), and a container with the eleven variables has some 750 bytes there. Whoever asks
 * in three bytes a container would get a patch of a hundred megabytes, while everybody else waits.
 */
const MOST_CONTAINERS = 2000;

/** A pod that has not asked itself is left as it is. */
function tooLarge(containers: number, selector: string | undefined): never {
  const most = `${MOST_CONTAINERS} containers, init containers among them, can have the variables`;
  if (selector === 'namespace') skip('too_many_containers', `at most ${most}, and the pod has ${containers}`);
  deny(forbidden('spec.containers', `at most ${most}, or the pod is too large to be stored: it has ${containers}`));
}

function containersOf(pod: PodObject): Container[] {
  return [...itemsOf(pod.spec?.initContainers), ...itemsOf(pod.spec?.containers)].map(({ item }) => item);
}

/** Adds the variables whose names the container does not have, and says how many those were. */
function prependEnv(container: Container, env: readonly EnvVar[]): number {
  const taken = new Set(itemsOf(container.env).map(({ item }) => item.name));
  const lacking = env.filter(({ name }) => !taken.has(name));
  if (lacking.length > 0) listIn(container, 'env').unshift(...lacking);
  return lacking.length;
}
