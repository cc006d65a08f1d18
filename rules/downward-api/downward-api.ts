import { mutatingRule, Pod, skip } from '../../author.ts';
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
    let added = 0;
    for (const container of containers) {
      added += prependEnv(container, downwardEnv(settings.variables, settings.prefix));
    }
    if (added === 0) skip('already_injected', 'every container has the variables');
  },
});

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
