import { test } from 'node:test';
import { withoutAssets } from './assets.ts';
import { startPlace } from './rotation/place.ts';
import { firstInstall } from './rotation/scenarios/first-install.ts';
import { kills, restarts, rotations } from './rotation/scenarios/rotations.ts';

// One control plane for all. What one leaves behind is what the next begins with.
test('the CA of mode self is replaced', { skip: withoutAssets }, async (t) => {
  const place = await startPlace();
  t.after(place.stop);
  await t.test('after an install in the wrong order, by three replicas at once', (t) => firstInstall(t, place));
  await t.test('again and again, and no review is lost', (t) => rotations(t, place));
  await t.test('while the replicas are replaced one by one, and no review is lost', (t) => restarts(t, place));
  await t.test('while they are killed, and no review is lost that they had not begun', (t) => kills(t, place));
});
