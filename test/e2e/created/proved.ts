import assert from 'node:assert/strict';
import type { Case } from '../../../replay/case.ts';
import type { Call } from '../../../replay/chain.ts';
import type { KubeObject } from '../../../replay/cluster.ts';
import { decisionOf } from '../../../webhook/report.ts';
import { lost } from '../../git-sync/kept.ts';
import { documents, type Printed } from '../../manifests/printed.ts';
import type { Loaded } from '../agreement/cases.ts';
import { asSent, objectDifferences } from '../agreement/compared.ts';
import { LOST, REFUSED } from '../agreement/exceptions.ts';
import { happened } from '../agreement/happened.ts';
import { created, namespaceOf, sentOf } from '../agreement/operation.ts';
import type { Place } from '../agreement/place.ts';
import { NOT_CREATED } from './exceptions.ts';
import { tokensAreTheUsers } from './token-mounts.ts';

/** What one case has shown. */
export interface Proved {
  /** `<rule>/<sentence>`, as its folder. */
  readonly name: string;
  readonly isCreated: boolean;
  /** How many operations the patches had. */
  readonly operations: number;
  /** The fields that the API server filled in, of what the patches added and of every new pod. */
  readonly filledIn: readonly string[];
}

/**
 * Creates the case's pod, and asserts of the stored one that it has all that the patches added, value for value; all that its
 * author wrote, in that order; and besides only what the API server fills in. Then creates what `kubectl get -o yaml` printed,
 * which must be left alone. A case about a newer API server is done as this one has it.
 */
export async function proved(place: Place, given: Case, { gate }: Loaded): Promise<Proved> {
  const name = `${given.rule}/${given.sentence.replaceAll(' ', '-')}`;
  try {
    const outcome = await created(place, given);
    const refusal = REFUSED[name] ?? NOT_CREATED[name];
    if (refusal !== undefined) {
      assert.match(outcome.stderr, refusal);
      return { name, isCreated: false, operations: 0, filledIn: [] };
    }
    assert.equal(outcome.code, 0, outcome.stderr);
    const { calls, object, verdict } = await happened(given, outcome, gate);
    // What it does not know, Portcullis does not learn of: a pod for Windows is like any other there.
    if (!Object.hasOwn(LOST, name)) assert.equal(verdict, verdictOf(given));
    const stored = await readBack(place, given, object.metadata.name);
    assert.deepEqual(stored, object);
    const filledIn = assertPatched(calls, stored);
    assertKept(name, sentOf(given), calls[0]?.request.object ?? stored, stored);
    tokensAreTheUsers(sentOf(given), stored);

    const again = await created(place, given, asCopied(stored));
    assert.equal(again.code, 0, again.stderr);
    const copied = await happened(given, again, gate);
    assert.equal(copied.verdict, 'allowed');
    assert.deepEqual(decisions(copied.calls), leftAlone(decisions(calls)));
    assert.deepEqual(asCopied(await readBack(place, given, COPY)), asCopied(stored));
    const operations = calls.flatMap(({ verdict }) => (verdict.kind === 'patched' ? verdict.patch : [])).length;
    return { name, isCreated: true, operations, filledIn };
  } finally {
    const flags = ['--all', '--force', '--grace-period=0', '--ignore-not-found'];
    await place.plane.succeeded(['delete', 'pods', ...flags, ...namespaceOf(given)]);
  }
}

/** What the case says becomes of it. */
export function verdictOf({ expected }: Case): string {
  const { verdict = 'allowed' } = (expected?.value ?? {}) as { verdict?: string };
  return verdict;
}

async function readBack({ plane }: Place, given: Case, name: string): Promise<Printed> {
  const { stdout } = await plane.succeeded(['get', 'pod', name, '-o', 'yaml', ...namespaceOf(given)]);
  return documents(stdout)[0];
}

/**
 * What each webhook's patch made of the pod is what the next was sent, and in the end what is stored. Gives what came
 * between, which nobody asked for.
 */
function assertPatched(calls: readonly Call[], stored: KubeObject): string[] {
  const mutating = calls.filter(({ route }) => route.phase === 'mutating');
  return mutating.flatMap(({ verdict }, at) => {
    assert.ok('object' in verdict);
    const { added, others } = objectDifferences(mutating[at + 1]?.request.object ?? stored, verdict.object);
    assert.deepEqual(others, []);
    return added;
  });
}

/** What an API server 1.20 drops of the author's object is listed; all else is there, each list in its order. */
function assertKept(name: string, written: KubeObject, sent: KubeObject, stored: KubeObject): void {
  const dropped: string[] = [];
  const lean = asSent(written, sent, dropped);
  // Null or empty, but by now with the volume of its token.
  const expected = (LOST[name] ?? []).filter((path) => path !== 'spec.volumes');
  assert.deepEqual(dropped, expected);
  assert.equal(lost(lean, stored), undefined, 'where something of the author is gone, moved or changed');
}

const COPY = 'copied';

/** As somebody makes another pod of what `kubectl get -o yaml` printed: another name, and nothing that only a server sets. */
function asCopied({ metadata, status, ...object }: Printed): KubeObject {
  const { uid, resourceVersion, creationTimestamp, selfLink, managedFields, generateName, ...kept } = metadata;
  return { ...object, metadata: { ...kept, name: COPY } };
}

/** What each rule said, the last time it was asked. */
function decisions(calls: readonly Call[]): { [rule: string]: string } {
  const reports = calls.flatMap(({ reviewed }) => reviewed.reports);
  return Object.fromEntries(reports.map((report) => [report.entry.rule.name, saidIn(report)]));
}

function saidIn(report: Call['reviewed']['reports'][number]): string {
  const { outcome } = report;
  return outcome.decision === 'skip' ? `skip: ${outcome.reason}` : decisionOf(report);
}

function leftAlone(first: { [rule: string]: string }): { [rule: string]: string } {
  return Object.fromEntries(
    Object.entries(first).map(([rule, said]) => [rule, said === 'mutate' ? 'skip: already_injected' : said]),
  );
}
