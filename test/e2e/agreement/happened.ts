import assert from 'node:assert/strict';
import { apiServerVerdict } from '../../../replay/api-server-verdict.ts';
import type { Case } from '../../../replay/case.ts';
import { type Call, type Chain, type Gate, type Registered, runChain } from '../../../replay/chain.ts';
import { inCluster } from '../../../replay/gate.ts';
import type { ReviewDocument } from '../../../replay/review-document.ts';
import { parseExactly } from '../../../schema/exact-json.ts';
import { pathOf } from '../../../webhook/registration.ts';
import { review } from '../../../webhook/review.ts';
import type { Done } from './operation.ts';
import type { Recording } from './recorder.ts';

/** What became of a case in the cluster, in the words of replay. */
export interface Happened extends Pick<Chain, 'verdict' | 'calls'> {
  /** As the API server would have stored it; null where it would have stored nothing. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server has; a test asserts on it
  readonly object: any;
}

/**
 * Puts each recorded review through the engine that replay runs, as the same webhook, and asserts that its answer is what
 * Portcullis answered, byte for byte. Gives what happened; of the validating webhooks, which are asked all at once, in the
 * order of their registration.
 */
export async function happened(given: Case, { recordings, ...outcome }: Done, everyGate: Gate): Promise<Happened> {
  const gate = gateOf(given, everyGate);
  const calls: Call[] = [];
  for (const recording of recordings) calls.push(await callOf(recording, calls, gate));
  const place = (call: Call) =>
    call.route.phase === 'mutating' ? -1 : gate.validating.indexOf(registeredAt(call, gate));
  const isPatched = calls.some(({ verdict }) => verdict.kind === 'patched');
  return {
    verdict:
      outcome.code === 0 ? (isPatched ? 'patched' : 'allowed') : outcome.stderr.includes(FAILURE) ? 'failed' : 'denied',
    calls: calls.toSorted((one, other) => place(one) - place(other)),
    object: outcome.code === 0 && outcome.stdout.startsWith('{') ? JSON.parse(outcome.stdout) : null,
  };
}

const FAILURE = 'Error from server (InternalError)';

/** Replays the first review that the API server sent, the whole way; undefined where it sent none. */
export async function replayedWhole(given: Case, { recordings }: Done, gate: Gate): Promise<Chain | undefined> {
  const bytes = recordings[0]?.request;
  if (bytes === undefined) return undefined;
  const review = parseExactly(bytes.toString()) as ReviewDocument;
  return runChain({ review, bytes, cluster: given.cluster, phase: given.phase }, gateOf(given, gate));
}

async function callOf({ path, request, ...answer }: Recording, before: readonly Call[], gate: Gate): Promise<Call> {
  const registered = [...gate.mutating, ...gate.validating].find(({ route }) => pathOf(route) === path);
  assert.ok(registered, `${path} was asked, which no webhook of the configurations has`);
  const reviewed = await review(request, registered.route, gate.engine);
  assert.deepEqual([answer.status, answer.response.toString()], [reviewed.status, reviewed.body]);
  const { webhook, route } = registered;
  const document = parseExactly(request.toString()) as ReviewDocument;
  const verdict = apiServerVerdict({
    phase: route.phase,
    request: document.request,
    failurePolicy: webhook.failurePolicy === 'Ignore' ? 'Ignore' : 'Fail',
    httpStatus: answer.status,
    body: answer.response,
  });
  const isReinvocation = before.some((call) => call.route === route);
  return { webhook, route, bytes: request, request: document.request, reviewed, verdict, isReinvocation };
}

function registeredAt({ route }: Call, gate: Gate): Registered {
  return gate.validating.find((each) => each.route === route) as Registered;
}

function gateOf({ cluster, review }: Case, gate: Gate): Gate {
  return inCluster(gate, { lookups: cluster.lookups(review.request.namespace ?? '') });
}
