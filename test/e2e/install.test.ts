import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machine } from '../image/machine.ts';
import { withoutAssets } from './assets.ts';
import { requestsOfPortcullis } from './install/audit.ts';
import { startInstallation } from './install/installation.ts';
import { install } from './install/scenarios/install.ts';
import { ownCertificate } from './install/scenarios/own-certificate.ts';
import { readmePods } from './install/scenarios/readme-pods.ts';
import { rotation } from './install/scenarios/rotation.ts';
import { servedWebsites } from './install/scenarios/served-websites.ts';
import { status } from './install/scenarios/status.ts';
import { serverRemovedFirst, uninstall, uninstallKeepingWebsites } from './install/scenarios/uninstall.ts';
import { upgrades } from './install/scenarios/upgrades.ts';
import { webhooksFirst } from './install/scenarios/webhooks-first.ts';

// One control plane, and one image, for all. What one leaves behind is what the next begins with: an installed
// Portcullis is changed and removed, a removed one is installed.
const skip = withoutAssets || machine.withoutIsolation;
test(`Portcullis as its README installs it, ${machine.name}`, { skip }, async (t) => {
  const cluster = await startInstallation();
  t.after(cluster.stop);
  await t.test('is installed in the wrong order', (t) => webhooksFirst(t, cluster));
  await t.test('is changed', (t) => upgrades(t, cluster));
  await t.test('is removed', (t) => uninstall(t, cluster));
  await t.test('is installed', (t) => install(t, cluster));
  await t.test('says how it is', (t) => status(t, cluster));
  await t.test('has its CA rotated by a person', (t) => rotation(t, cluster));
  await t.test('does for pods what the README says', (t) => readmePods(t, cluster));
  await t.test('serves Websites', (t) => servedWebsites(t, cluster));
  await t.test('is removed without its Websites', (t) => uninstallKeepingWebsites(t, cluster));
  await t.test('is installed with a certificate that others bring', (t) => ownCertificate(t, cluster));
  await t.test('is removed in the wrong order', (t) => serverRemovedFirst(t, cluster));

  await t.test('was denied nothing by the API server but what it looked up no more', async () => {
    const { all, refused } = await requestsOfPortcullis(cluster.plane, new Date(0));
    assert.ok(all.length > 0);
    // A rule with a lookup goes, its rights with it, and the pods that still have it after.
    const leaving = ['list configmaps', 'watch configmaps', 'list websites', 'watch websites'];
    assert.deepEqual(
      refused.filter((request) => !leaving.includes(request)),
      [],
    );
  });
});
