import { isDeepStrictEqual } from 'node:util';
import { review } from '../webhook/review.ts';
import type { Rule } from '../webhook/rule.ts';
import type { Case } from './case.ts';
import { type Call, type Chain, type Gate, type Registered, runChain } from './chain.ts';
import type { KubeObject } from './cluster.ts';
import { whyNotAsked } from './not-asked.ts';

/** A promise that every replay proves, with nothing to write (DESIGN.md §8), and how a case breaks it. */
export interface Breach {
  readonly invariant: Invariant;
  readonly text: string;
  /** Told, and no failure. */
  readonly isWarning: boolean;
}

/** Their names, as reports print them. */
export type Invariant =
  | 'the rule is reached'
  | 'the API server takes the answer'
  | 'the same bytes get the same answer'
  | 'the input is not changed'
  | 'a second pass changes nothing'
  | 'the order of webhooks does not matter'
  | 'nothing is left to the API server';

/** Checks all of them. `chain` is what came of the case through `gate`; `input` what its bytes were before. */
export async function breaches(given: Case, chain: Chain, gate: Gate, input: Buffer): Promise<Breach[]> {
  const rule = gate.engine.rules.rules.find((entry) => entry.rule.name === given.rule)?.rule;
  return [
    ...unreached(given, chain, rule),
    ...chain.calls.flatMap(untaken),
    ...(await unsteady(chain, gate)),
    ...(given.bytes.equals(input) ? [] : [breach('the input is not changed', 'the bytes of the review were changed')]),
    ...(await unsettled(given, chain, gate)),
    ...(await unordered(given, chain, gate)),
    ...chain.notEvaluated.map((text) => breach('nothing is left to the API server', text, true)),
  ];
}

function breach(invariant: Invariant, text: string, isWarning = false): Breach {
  return { invariant, text, isWarning };
}

/** A case that its rule is never asked about proves nothing, unless that is what it expects. */
function unreached({ expected }: Case, chain: Chain, rule: Rule | undefined): Breach[] {
  const notAsked = rule === undefined ? undefined : whyNotAsked(chain, rule);
  const expects = (expected?.value ?? {}) as { notCalled?: unknown };
  // That nobody asks it may be the point; then the reasons are compared.
  if (notAsked === undefined || (expects.notCalled !== undefined && !notAsked.isEnd)) return [];
  return [breach('the rule is reached', `${rule?.name} was not asked: ${notAsked.why}`)];
}

function untaken({ webhook, verdict, reviewed }: Call): Breach[] {
  const broken = (text: string) => [breach('the API server takes the answer', `${webhook.name}: ${text}`)];
  // A rule's own failure is an answer that may be expected.
  if (verdict.kind === 'call-failure') return reviewed.verdict === 'failed' ? [] : broken(verdict.message);
  if (verdict.kind === 'internal-error') return broken(verdict.message);
  return verdict.silently.length === 0 ? [] : broken(verdict.silently.join('; '));
}

async function unsteady({ calls }: Chain, { engine }: Gate): Promise<Breach[]> {
  const found: Breach[] = [];
  for (const { bytes, route, reviewed, webhook } of calls) {
    const { body, status } = await review(bytes, route, engine);
    if (body === reviewed.body && status === reviewed.status) continue;
    found.push(breach('the same bytes get the same answer', `${webhook.name} answers otherwise the second time`));
  }
  return found;
}

/** What comes out, sent in again, is not patched. */
async function unsettled(given: Case, chain: Chain, gate: Gate): Promise<Breach[]> {
  if (chain.verdict !== 'patched') return [];
  const again = await runChain(startOf(given, chain.object), { ...gate, validating: [] });
  const patched = again.calls.find(({ verdict }) => verdict.kind === 'patched');
  if (patched !== undefined) {
    const text = `${patched.webhook.name} patches its own result: ${JSON.stringify((patched.verdict as { patch: unknown }).patch)}`;
    return [breach('a second pass changes nothing', text)];
  }
  if (again.verdict === 'allowed') return [];
  const last = again.calls.at(-1);
  return [breach('a second pass changes nothing', `${last?.webhook.name}: ${last?.reviewed.message}`)];
}

function startOf(given: Case, object: KubeObject | null) {
  const review = { ...given.review, request: { ...given.review.request, object } };
  return { review, bytes: Buffer.from(JSON.stringify(review)), cluster: given.cluster, phase: 'mutating' as const };
}

/** Up to three webhooks are tried in every order, more in the reverse one. */
async function unordered(given: Case, chain: Chain, gate: Gate): Promise<Breach[]> {
  const asked = new Set(
    chain.calls.filter(({ route }) => route.phase === 'mutating').map(({ webhook }) => webhook.name),
  );
  if (asked.size < 2 || chain.verdict !== 'patched') return [];
  const called = gate.mutating.filter(({ webhook }) => asked.has(webhook.name));
  const orders = called.length > 3 ? [[...called].reverse()] : permutations(called).slice(1);
  for (const mutating of orders) {
    const other = await runChain(given, { ...gate, mutating, validating: [] });
    if (isDeepStrictEqual(unorderedValue(other.object), unorderedValue(chain.object))) continue;
    const order = mutating.map(({ webhook }) => webhook.name).join(', ');
    return [
      breach('the order of webhooks does not matter', `the object comes out otherwise in the order ${order}`, true),
    ];
  }
  return [];
}

function permutations(all: readonly Registered[]): Registered[][] {
  if (all.length <= 1) return [[...all]];
  return all.flatMap((one, at) => permutations(all.toSpliced(at, 1)).map((rest) => [one, ...rest]));
}

/** Lists whose elements have names are compared as sets. */
function unorderedValue(value: unknown): unknown {
  if (Array.isArray(value)) {
    const all = value.map(unorderedValue);
    const nameOf = (each: unknown) => (each as { name?: unknown } | null)?.name;
    if (!all.every((each) => typeof nameOf(each) === 'string')) return all;
    return all.sort((one, other) => (String(nameOf(one)) < String(nameOf(other)) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, unorderedValue(member)]));
}
