import { configFrom } from '../../cli/config.ts';
import { loadRules } from '../../cli/load.ts';
import { type Chain, runChain } from '../../replay/chain.ts';
import { clusterOf } from '../../replay/cluster.ts';
import { gateOf } from '../../replay/gate.ts';
import { builtInRules } from '../../rules/index.ts';
import { pathOf } from '../../webhook/registration.ts';
import { type Measured, podOfBoth } from './reviews.ts';

/** The reviews of one Pod that gets git-sync and the variables, phase by phase, in the order in which they are sent. */
export interface PodReviews {
  readonly mutating: readonly Measured[];
  /** Of the Pod as the mutating webhooks have left it. */
  readonly validating: readonly Measured[];
}

/**
 * What an API server sends for one Pod of 5 kB that asks for both, as replay knows it: each webhook with the object as it
 * is by then, those again that a later one has given reason to. Rejects when the Pod is not let in.
 */
export async function podReviews(): Promise<PodReviews> {
  const rules = await loadRules(builtInRules, configFrom({ words: [], flags: {} }, {}));
  const bytes = podOfBoth.body;
  const review = JSON.parse(bytes.toString());
  const cluster = clusterOf([], []);
  const chain = await runChain({ review, bytes, cluster, phase: 'mutating' }, gateOf(rules, 'extensions.example.com'));
  if (chain.verdict !== 'patched') throw new Error(`the Pod of the benchmark is ${chain.verdict}`);
  return { mutating: reviewsIn(chain, 'mutating'), validating: reviewsIn(chain, 'validating') };
}

function reviewsIn({ calls }: Chain, phase: 'mutating' | 'validating'): Measured[] {
  return calls
    .filter(({ route }) => route.phase === phase)
    .map(({ route, bytes, verdict }) => ({
      what: pathOf(route),
      path: `${pathOf(route)}?timeout=5s`,
      body: bytes,
      isPatched: verdict.kind === 'patched',
    }));
}
