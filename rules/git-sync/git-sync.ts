import { deny, mutatingRule, Pod, skip } from '../../author.ts';
import { decide } from './decide.ts';
import { inject } from './inject.ts';
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
  mutate(pod, { settings }) {
    const decision = decide(pod, settings);
    if (decision.verdict === 'skip') skip(decision.reason, decision.sentence);
    if (decision.verdict === 'deny') deny(...decision.problems);
    inject(pod, decision, settings);
  },
});
