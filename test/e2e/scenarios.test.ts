import { test } from 'node:test';
import { withoutAssets } from './assets.ts';
import { startCluster } from './cluster.ts';
import { customResources } from './scenarios/custom-resources.ts';
import { drain } from './scenarios/drain.ts';
import { outage } from './scenarios/outage.ts';
import { passwords } from './scenarios/passwords.ts';
import { platformRules } from './scenarios/platform-rules.ts';
import { podTemplates } from './scenarios/pod-templates.ts';
import { pods } from './scenarios/pods.ts';
import { registration } from './scenarios/registration.ts';
import { tryIt } from './scenarios/try-it.ts';
import { earlierWebsites, updates } from './scenarios/updates.ts';
import { websites } from './scenarios/websites.ts';

// One control plane for all, since it takes longer to start than most of them; each has a namespace of its own.
test('a cluster with Portcullis', { skip: withoutAssets }, async (t) => {
  const cluster = await startCluster();
  t.after(cluster.stop);
  const inUpdates = await earlierWebsites(cluster);
  await t.test('takes the registration', (t) => registration(t, cluster));
  await t.test('takes Websites that are in order, and no others', (t) => websites(t, cluster));
  await t.test('does what the README lets newcomers try', (t) => tryIt(t, cluster));
  await t.test('changes Websites to what is in order, and deletes them all', (t) => updates(t, cluster, inUpdates));
  await t.test('gives Pods what they ask for', (t) => pods(t, cluster));
  await t.test('tells of templates whose Pods it would refuse', (t) => podTemplates(t, cluster));
  await t.test('shows no password', (t) => passwords(t, cluster));
  await t.test('does without Portcullis what nobody asks it about', (t) => outage(t, cluster));
  await t.test('loses nothing while Portcullis ends', (t) => drain(t, cluster));
  await t.test('holds a platform team’s own kinds to their schemas', (t) => customResources(t, cluster));
  await t.test('runs the rules of a platform team', (t) => platformRules(t, cluster));
});
