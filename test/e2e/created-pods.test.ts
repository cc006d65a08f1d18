import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Case } from '../../replay/case.ts';
import { casesWith } from './agreement/cases.ts';
import { REFUSED } from './agreement/exceptions.ts';
import { startPlace } from './agreement/place.ts';
import { clear, prepare } from './agreement/prepared.ts';
import { withoutAssets } from './assets.ts';
import { takesPods } from './cluster.ts';
import { FILLED_IN, NOT_CREATED } from './created/exceptions.ts';
import { type Proved, proved, verdictOf } from './created/proved.ts';
import { tokens } from './created/tokens.ts';

const CASES = join(import.meta.dirname, '../cases');

// ServiceAccount admission is on, as it is everywhere: each Pod comes with a volume and mounts that its author did not write.
test('what was injected is a Pod that an API server stores', { skip: withoutAssets }, async (t) => {
  const place = await startPlace();
  t.after(place.stop);
  const { minor } = place.plane;
  if (minor !== 20) return t.skip(`what an API server refuses and fills in is known of 1.20, not of 1.${minor}`);
  const loaded = await casesWith({ cases: CASES, rules: [] });
  const all: Proved[] = [];
  let generation = 0;

  for (const { surroundings, cases } of loaded.groups) {
    const pods = cases.filter(isAdmittedPod);
    if (pods.length === 0) continue;
    generation++;
    await prepare(place, surroundings, generation);
    for (const { metadata } of surroundings.namespaces) {
      await place.recorder.bypassed(() => takesPods(place.plane, metadata.name ?? ''));
    }
    for (const given of pods) {
      await t.test(`${given.rule}: ${given.sentence}`, async () => {
        all.push(await proved(place, given, loaded));
      });
    }
    await clear(place, surroundings);
  }

  await t.test('an API server 1.20 refuses and fills in what is listed, no more and no less', () => {
    const names = all.map(({ name }) => name);
    const refused = all.filter(({ isCreated }) => !isCreated).map(({ name }) => name);
    const byItself = Object.keys(REFUSED).filter((name) => names.includes(name));
    assert.deepEqual(refused.sort(), [...byItself, ...Object.keys(NOT_CREATED)].sort());
    assert.deepEqual([...new Set(all.flatMap(({ filledIn }) => filledIn))].sort(), FILLED_IN.toSorted());
  });

  await t.test('gives git-sync no token of the pod’s ServiceAccount', async (t) => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'tokens' } };
    const [group] = loaded.groups;
    assert.ok(group);
    await prepare(place, { ...group.surroundings, namespaces: [namespace], others: [] }, generation + 1);
    await tokens(t, place.plane, { namespace: 'tokens', volume: 'secret' });
  });

  const injected = all.filter(({ operations }) => operations > 0);
  assert.ok(injected.length > 0);
  t.diagnostic(
    `${all.length} pods, ${injected.length} of them injected, with ${injected.reduce((sum, { operations }) => sum + operations, 0)} operations; each of these was copied and left alone`,
  );
});

/** A case of the rules that inject, whose pod comes to be. */
function isAdmittedPod(given: Case): boolean {
  const { rule, phase, review } = given;
  const { operation, subResource, object } = review.request;
  const isPod = object?.kind === 'Pod' && operation === 'CREATE' && subResource === undefined && phase === 'mutating';
  return isPod && ['git-sync', 'downward-api'].includes(rule) && ['allowed', 'patched'].includes(verdictOf(given));
}
