import { allow, deny, Pod, validatingRule } from '../../author.ts';
import { type Decision, decide } from './decide.ts';
import { doubtsAbout } from './doubts.ts';
import { websiteLookup } from './lookup.ts';
import { CONTAINER, CONTENT } from './names.ts';
import { routing } from './routing.ts';

/**
 * A pod that asks for git-sync has it in the end, whatever became of the mutating webhook and of those after it:
 * better no pod than one that serves nothing. Who asks in vain, or for something else than is given, is told so.
 */
export const gitSyncPresent = validatingRule({
  name: 'git-sync-present',
  kind: Pod,
  operations: ['CREATE'],
  ...routing,
  lookups: { website: websiteLookup },
  validate(pod, { request, found }) {
    // Where may be fetched from is for git-sync alone to say: a second list could only contradict the first.
    const decision = decide(pod, { selector: request.selector, website: found.website });
    if (decision.verdict === 'deny') deny(...decision.problems);
    if (decision.verdict === 'inject') deny(absence(decision));
    return allow(...doubtsAbout(pod, decision));
  },
});

function absence({ lacking, web }: Extract<Decision, { verdict: 'inject' }>): string {
  const parts = lacking.volumes.map((name) => `no volume ${name}`);
  if (lacking.mount) parts.push(`no whole mount of ${CONTENT} in container ${JSON.stringify(web.name)}`);
  if (lacking.container) parts.unshift(`no container ${CONTAINER}`);
  const cause = 'the mutating webhook git-sync was not called, or another webhook undid its work';
  return `the pod asked for git-sync and did not get it: it has ${parts.join(', ')}; ${cause}`;
}
