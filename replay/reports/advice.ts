import type { Invariant } from '../invariants.ts';

/** What to do where an invariant is broken. */
export function adviceFor(invariant: Invariant): string | undefined {
  return Object.hasOwn(ADVICE, invariant) ? ADVICE[invariant] : undefined;
}

const ADVICE: { readonly [invariant in Invariant]?: string } = {
  'the rule is reached':
    'make the request one that the rule is asked about; where it is the point that nobody is asked, let expected.yaml say so with notCalled',
  'the API server takes the answer': 'a cluster would not do what this answer says; the rule must answer otherwise',
  'the same bytes get the same answer':
    'a rule that decides by a clock, by chance or by what it saw before decides otherwise in the cluster than here',
  'the input is not changed': 'nothing may write into the bytes of a review; please report this, with the case',
  'a second pass changes nothing':
    'API servers ask again where a later webhook changed the object: let the rule see what it has done, and leave it',
  'the order of webhooks does not matter':
    'no cluster promises an order among configurations; edits that need one belong into rules of one webhook',
};
