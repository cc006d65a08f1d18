import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutAssets } from './assets.ts';
import { eventually } from './eventually.ts';
import { requestsOfPortcullis } from './install/audit.ts';
import { withoutPages } from './rotation/pages.ts';
import { startPlace } from './rotation/place.ts';
import { accepted } from './rotation/scenarios/accepted.ts';
import { changedSecret } from './rotation/scenarios/changed-secret.ts';
import { firstInstall } from './rotation/scenarios/first-install.ts';
import { joins } from './rotation/scenarios/joins.ts';
import { nobodyRunning } from './rotation/scenarios/nobody-running.ts';
import { rights } from './rotation/scenarios/rights.ts';
import { rolls } from './rotation/scenarios/rolls.ts';
import { kills, restarts, rotations } from './rotation/scenarios/rotations.ts';
import { skewed } from './rotation/scenarios/skewed.ts';
import { stuck } from './rotation/scenarios/stuck.ts';
import { uninstall } from './rotation/scenarios/uninstall.ts';
import { versions } from './rotation/scenarios/versions.ts';
import { wiped } from './rotation/scenarios/wiped.ts';
import { workerKills } from './rotation/scenarios/worker-kills.ts';

// One control plane for all. What one leaves behind is what the next begins with.
test('three replicas in certificate mode self', { skip: withoutAssets }, async (t) => {
  const place = await startPlace();
  t.after(place.stop);
  await t.test('are installed in the wrong order, and start in the same second', (t) => firstInstall(t, place));
  await t.test('are accepted by all with a bundle of one CA', (t) => accepted(t, place, 1));
  await t.test('rotate their CA again and again, and no review is lost', (t) => rotations(t, place));
  await t.test('rotate it while they are replaced one by one, and no review is lost', (t) => restarts(t, place));
  await t.test('rotate it while they are killed, and only reviews in flight are lost', (t) => kills(t, place));
  await t.test('take over from an older version, and give back to it', (t) => versions(t, place));
  await t.test('go on whatever becomes of the configurations', (t) => wiped(t, place));
  await t.test('go on whatever becomes of the Secret', (t) => changedSecret(t, place));
  await t.test('start whatever has become of the Secret', (t) => nobodyRunning(t, place));
  await t.test('agree although their clocks are two hours apart', (t) => skewed(t, place));
  await t.test('are accepted by all with a bundle of two CAs', (t) => accepted(t, place, 2));

  await t.test('have asked for all that they were granted and for nothing else, by the audit log', async () => {
    await place.endAll();
    // A watch is written down at its end.
    await eventually('all is written down', async () => {
      const { all, refused } = await requestsOfPortcullis(place.plane, new Date(0));
      assert.deepEqual({ all: all.toSorted(), refused }, { all: ASKED, refused: [] });
      return true;
    });
  });

  await t.test('with a rule that runs in processes of its own, under load,', async (t) => {
    await t.test('give a share of the reviews to one that joins them', (t) => joins(t, place));
    await t.test('lose no review with such a process that is killed', (t) => workerKills(t, place));
    await t.test('lose none while they are replaced one by one', (t) => rolls(t, place));
    await t.test('end although the rule does not', (t) => stuck(t, place));
    await withoutPages(place);
  });

  await t.test('could not do with less', (t) => rights(t, place));
  await t.test('leave nothing behind', () => uninstall(place));
});

/** The one without a resource is for the API server's version; a Website that is nowhere is looked for once more. */
const ASKED: readonly string[] = [
  'create secrets/portcullis-ca',
  'get',
  'get mutatingwebhookconfigurations/portcullis',
  'get secrets/portcullis-ca',
  'get validatingwebhookconfigurations/portcullis',
  'get websites/missing',
  'list websites',
  'patch mutatingwebhookconfigurations/portcullis',
  'patch validatingwebhookconfigurations/portcullis',
  'update secrets/portcullis-ca',
  'watch mutatingwebhookconfigurations/portcullis',
  'watch validatingwebhookconfigurations/portcullis',
  'watch websites',
];
