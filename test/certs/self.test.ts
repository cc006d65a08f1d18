import { test } from 'node:test';
import { withoutAssets } from '../e2e/assets.ts';
import { startControlPlane } from '../e2e/control-plane.ts';
import { called, ended, raced } from './scenarios/bundle.ts';
import { changeover } from './scenarios/changeover.ts';
import { permissions } from './scenarios/permissions.ts';
import { damaged, firstStart, together } from './scenarios/secret.ts';

// One control plane for all; each has a namespace, configurations and a service account of its own.
test('certificate mode self', { skip: withoutAssets }, async (t) => {
  const plane = await startControlPlane();
  t.after(plane.stop);
  for (const [sentence, scenario] of [
    ['makes the CA where there is none, and certificates that clients of the Service accept', firstStart],
    ['lets any number of replicas that start at once end with one CA', together],
    ['leaves a damaged Secret alone, and says how to have a new CA made', damaged],
    ['lets the API server call webhooks that are applied later, replaced, or deleted and made again', called],
    ['never puts a bundle into another webhook than the one it was read of', raced],
    ['says what it is not permitted to do, and goes on once it is', permissions],
    ['loses no review when another CA takes the place of the one in the Secret', changeover],
    ['ends with nothing left', ended],
  ] as const) {
    await t.test(sentence, (t) => scenario(t, plane));
  }
});
