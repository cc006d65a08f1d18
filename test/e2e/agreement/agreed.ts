import assert from 'node:assert/strict';
import type { Case } from '../../../replay/case.ts';
import { type Call, type Chain, type Gate, runChain } from '../../../replay/chain.ts';
import { differences } from '../../../replay/compared.ts';
import { described } from '../../../replay/described.ts';
import { inCluster } from '../../../replay/gate.ts';
import type { Loaded } from './cases.ts';
import { asSent, objectDifferences } from './compared.ts';
import { LOST, REFUSED } from './exceptions.ts';
import { type Happened, happened, replayedWhole } from './happened.ts';
import type { Done } from './operation.ts';
import { denials, ownRefusal, warningLines } from './words.ts';

/** What one case has shown. */
export interface Agreed {
  /** `<rule>/<sentence>`, as its folder. */
  readonly name: string;
  readonly calls: readonly Call[];
  /** Of its object, what the API server did not send. */
  readonly lost: readonly string[];
  readonly isRefused: boolean;
  /** Of a newer API server than this one it says something else. */
  readonly isNewer: boolean;
  /** The fields that the API server filled in after a patch. */
  readonly added: readonly string[];
}

/**
 * Asserts that what was done for real is what replay says of the case on an API server of that version: which webhooks were
 * asked, in which order, what each of them answered, byte for byte; what kubectl printed; and what would have been stored.
 */
export async function agreed(given: Case, done: Done, { gate, rules }: Loaded): Promise<Agreed> {
  const name = `${given.rule}/${given.sentence.replaceAll(' ', '-')}`;
  const actual = await happened(given, done, gate);
  const rule = rules.find((each) => each.name === given.rule);
  const lookups = given.cluster.lookups(given.review.request.namespace ?? '');
  const ownGate = inCluster(gate, { lookups });
  const { expected, kubeVersion } = given;
  assert.ok(expected);
  const unexpected = async (by: Gate) => differences(expected, described(await runChain(given, by), rule));
  assert.deepEqual(await unexpected(inCluster(gate, { lookups, kubeVersion })), []);
  const isNewer = (await unexpected(ownGate)).length > 0;

  const { lean, lost } = leanOf(given, actual);
  assert.deepEqual(lost, LOST[name] ?? []);
  const chain = await runChain(lean, ownGate);
  const refusal = REFUSED[name];
  const before = (calls: readonly Call[]) =>
    refusal === undefined ? calls : calls.filter(({ route }) => route.phase === 'mutating');
  const calls = before(chain.calls);
  const inWords = (what: Pick<Chain, 'verdict' | 'calls'>) => {
    const { object, ...others } = described({ ...chain, ...what }, rule) as { object?: unknown };
    return others;
  };
  const wanted = { verdict: refusal === undefined ? chain.verdict : ('denied' as const), calls };
  assert.deepEqual(inWords(actual), inWords(wanted));
  const object = lean.review.request.object ?? lean.review.request.oldObject;
  const own = object === null ? [] : ownRefusal(chain, object);
  assertPrinted(done, warningLines(calls), refusal ?? [...denials(calls, done.verb), ...own]);
  assertRequest(chain, actual);

  const whole = await replayedWhole(given, done, gate);
  assert.deepEqual(before(whole?.calls ?? []).map(answerOf), actual.calls.map(answerOf));
  const added = assertObjects(actual, whole, chain);
  return { name, calls: actual.calls, lost, isRefused: refusal !== undefined, isNewer, added };
}

/** API servers pass on one denial of several. */
function assertPrinted({ code, stderr }: Done, warnings: readonly string[], wanted: RegExp | readonly string[]): void {
  const lines = stderr.split(/(?<=\n)/);
  const told = lines.filter((line) => line.startsWith('Warning: ')).map((line) => line.trimEnd());
  assert.deepEqual(told.sort(), warnings);
  const rest = lines.filter((line) => !line.startsWith('Warning: ')).join('');
  if (wanted instanceof RegExp) assert.match(rest, wanted);
  else if (wanted.length > 0) assert.ok(wanted.includes(rest), `${rest}, and by replay ${wanted.join(' or ')}`);
  else assert.equal(rest, '');
  assert.equal(code, rest === '' ? 0 : 1);
}

/** What replay makes of manifests is what the API server makes of them; of a Pod, but for its defaults. */
function assertRequest(replayed: Chain, { calls }: Happened): void {
  const [sent, made] = [calls[0]?.request, replayed.calls[0]?.request];
  if (sent === undefined || made === undefined) return;
  for (const name of Object.keys({ ...made, ...sent }).filter((name) => !OWN.includes(name))) {
    assert.deepEqual([name, sent[name]], [name, made[name]]);
  }
  for (const member of ['object', 'oldObject'] as const) {
    const { added, others } = objectDifferences(sent[member], made[member]);
    assert.deepEqual(others, []);
    const unforeseen: string[] = isOwn(sent[member]) ? [] : added.filter((path) => !GIVEN.includes(path));
    assert.deepEqual(unforeseen, []);
  }
}

/** What is compared otherwise, or cannot be the same: all is done as a dry run. */
const OWN = ['uid', 'object', 'oldObject', 'dryRun', 'options'];
/** What every object has that exists, and one that is going. */
const GIVEN = ['selfLink', 'deletionGracePeriodSeconds'].map((name) => `metadata.${name}`);

/**
 * The objects that webhooks were sent, and the one that would be stored; gives what is only in those of the API server. What was
 * recorded in another version than the user's ends in that one: the user's is that of the chain.
 */
function assertObjects({ calls, object }: Happened, whole: Chain | undefined, chain: Chain): string[] {
  const pairs = calls.map(({ request }, at) => [request.object, whole?.calls[at]?.request.object]);
  if (object !== null && whole !== undefined) {
    const isOfUser = whole.object?.apiVersion === object.apiVersion;
    pairs.push([object, isOfUser ? whole.object : chain.object]);
  }
  return pairs.flatMap(([one, other]) => {
    const { added, others } = objectDifferences(one, other);
    assert.deepEqual(others, []);
    return added;
  });
}

/** Of a kind that API servers have themselves, and know how to fill in: whose group is no domain. */
function isOwn(object: { readonly apiVersion: string } | null | undefined): boolean {
  return object != null && !(object.apiVersion.split('/')[0] ?? '').includes('.');
}

/** But for its uid, which is another one each time. */
function answerOf({ webhook, route, isReinvocation, reviewed }: Call): object {
  const { response, ...envelope } = JSON.parse(reviewed.body) as { response: { uid?: string } };
  const { uid, ...answer } = response;
  return { name: webhook.name, phase: route.phase, isReinvocation, status: reviewed.status, envelope, answer };
}

/** A Pod as the API server sent it, without its defaults: what it lost on the way is not there, and its members in that order. */
function leanOf(given: Case, { calls }: Happened): { lean: Case; lost: string[] } {
  const sent = calls[0]?.request;
  const lost: string[] = [];
  if (sent === undefined || !isOwn(sent.object ?? sent.oldObject)) return { lean: given, lost };
  const { request } = given.review;
  const object = asSent(request.object, sent.object, lost) as typeof request.object;
  const oldObject = asSent(request.oldObject, sent.oldObject, lost) as typeof request.oldObject;
  const review = { ...given.review, request: { ...request, object, oldObject } };
  return { lean: { ...given, review, bytes: Buffer.from(JSON.stringify(review)) }, lost };
}
