import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Agreed, agreed } from './agreement/agreed.ts';
import { casesWith, FOLDERS, KUBE_VERSION } from './agreement/cases.ts';
import { FILLED_IN, LOST, NEWER, REFUSED } from './agreement/exceptions.ts';
import { replaysRecordings } from './agreement/fixtures.ts';
import { type Done, done } from './agreement/operation.ts';
import { startPlace } from './agreement/place.ts';
import { clear, prepare } from './agreement/prepared.ts';
import { withoutAssets } from './assets.ts';

test('what replay says of a case is what a cluster does', { skip: withoutAssets }, async (t) => {
  // Its plugin puts a volume and a mount into every Pod before webhooks are asked: other objects than the cases', whose
  // patches then are other ones. That Portcullis does well with it, the other tests show.
  const place = await startPlace({ extraApiServerFlags: ['--disable-admission-plugins=ServiceAccount'] });
  t.after(place.stop);
  const { minor } = place.plane;
  if (minor !== KUBE_VERSION.minor)
    return t.skip(`what an API server refuses and fills in is known of 1.20, not of 1.${minor}`);
  const all: Agreed[] = [];
  const recorded = new Map<string, Done>();
  let generation = 0;

  for (const folder of FOLDERS) {
    const loaded = await casesWith(folder);
    await place.restart(folder.rules);
    for (const { surroundings, cases } of loaded.groups) {
      generation++;
      await prepare(place, surroundings, generation);
      for (const given of cases) {
        await t.test(`${given.rule}: ${given.sentence}`, async () => {
          const outcome = await done(place, given);
          const one = await agreed(given, outcome, loaded);
          all.push(one);
          recorded.set(one.name, outcome);
        });
      }
      await clear(place, surroundings);
    }
  }

  await t.test(
    'an API server 1.20 refuses, loses, fills in and is too old for what is listed, no more and no less',
    () => {
      const names = (those: readonly Agreed[]) => those.map(({ name }) => name).sort();
      assert.deepEqual(names(all.filter(({ isRefused }) => isRefused)), Object.keys(REFUSED).sort());
      assert.deepEqual(names(all.filter(({ lost }) => lost.length > 0)), Object.keys(LOST).sort());
      assert.deepEqual(names(all.filter(({ isNewer }) => isNewer)), [...NEWER].sort());
      assert.deepEqual([...new Set(all.flatMap(({ added }) => added))].sort(), [...FILLED_IN].sort());
    },
  );

  await t.test('a review that was recorded is a case, and replays', () => replaysRecordings(recorded));

  const calls = all.flatMap((one) => one.calls);
  const reinvocations = calls.filter(({ isReinvocation }) => isReinvocation).length;
  const notCalled = all.filter((one) => one.calls.length === 0).length;
  assert.ok(reinvocations > 0 && notCalled > 0);
  t.diagnostic(
    `${all.length} cases agree with the cluster, in ${calls.length} reviews, ${reinvocations} of them reinvocations; nobody was asked about ${notCalled}, the API server itself refused ${Object.keys(REFUSED).length}, did not send a part of ${Object.keys(LOST).length}, and is too old for ${NEWER.length}`,
  );
});
