import { deny, mutatingRule, Pod, skip } from '../../author.ts';
import { decide } from './decide.ts';
import { inject } from './inject.ts';
import { websiteLookup } from './lookup.ts';
import { routing } from './routing.ts';
import { settings } from './settings.ts';

/**
 * A pod that asks for it serves a Git repository: git-sync fetches it into a volume, and one of the pod's containers
 * sees the newest checkout at its content path.
 */
export const gitSync = mutatingRule({
  name: 'git-sync',
  kind: Pod,
  operations: ['CREATE'],
  ...routing,
  settings,
  lookups: { website: websiteLookup },
  mutate(pod, { request, settings, found, kubeVersion }) {
    const decision = decide(pod, { selector: request.selector, website: found.website, settings });
    if (decision.verdict === 'skip') skip(decision.reason, decision.sentence);
    if (decision.verdict === 'deny') deny(...decision.problems);
    inject(pod, decision, settings, kubeVersion);
  },
});
