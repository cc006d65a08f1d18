import { test } from 'node:test';
import { machine } from '../image/machine.ts';
import { withoutAssets } from './assets.ts';
import { startInstallation } from './install/installation.ts';
import { install } from './install/scenarios/install.ts';
import { serverRemovedFirst, uninstall } from './install/scenarios/uninstall.ts';
import { upgrades } from './install/scenarios/upgrades.ts';
import { webhooksFirst } from './install/scenarios/webhooks-first.ts';

// One control plane, and one image, for all; what one leaves behind is what the next begins with.
test(`Portcullis as its README installs it, ${machine.name}`, {
  skip: withoutAssets || machine.withoutIsolation,
}, async (t) => {
  const cluster = await startInstallation();
  t.after(cluster.stop);
  await t.test('is installed in the wrong order', (t) => webhooksFirst(t, cluster));
  await t.test('is removed in the wrong order', (t) => serverRemovedFirst(t, cluster));
  await t.test('is installed', (t) => install(t, cluster));
  await t.test('is changed', (t) => upgrades(t, cluster));
  await t.test('is removed', (t) => uninstall(t, cluster));
});
