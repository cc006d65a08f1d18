import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Cluster } from '../cluster.ts';
import { eventually } from '../eventually.ts';
import { deployment, GIT_REPO, GIT_SYNC, pod, website } from '../objects.ts';
import { refused } from '../said.ts';

const LEAKY = 'https://user:s3cret@host/r';
const TOLD =
  'Invalid value: "https://***@host/r": must not carry a user name, a password or a token: keep those in a Secret, and name the Secret';
const ASKS = { labels: { [GIT_SYNC]: 'true' }, annotations: { [GIT_REPO]: LEAKY } };

/** A password in an address is nowhere but where its user has written it. */
export async function passwords(t: TestContext, cluster: Cluster): Promise<void> {
  const { plane } = cluster;
  const kubectl = await cluster.namespace('passwords');

  for (const way of ['apply', 'create', 'apply --server-side']) {
    await t.test(`kubectl ${way} does not show it`, async () => {
      assert.deepEqual(
        await kubectl([...way.split(' '), '-f', '-'], website({ name: 'leaky' }, { gitRepo: LEAKY })),
        refused(`The Website "leaky" is invalid: spec.gitRepo: ${TOLD}\n`),
      );
      assert.deepEqual(
        await kubectl([...way.split(' '), '-f', '-'], pod({ name: 'leaky', ...ASKS })),
        refused(`The Pod "leaky" is invalid: metadata.annotations[${GIT_REPO}]: ${TOLD}\n`),
      );
    });
  }

  await t.test('neither do the conditions and events of a Deployment that cannot make such a Pod', async () => {
    const made = await kubectl(['apply', '-f', '-'], deployment('leaky', ASKS));
    assert.deepEqual([made.code, made.stdout], [0, 'deployment.apps/leaky created\n']);
    assert.match(made.stderr, /^Warning: \[pod-template\] /);
    assert.doesNotMatch(made.stderr, /s3cret/);
    const told = await eventually('its failure', async () => {
      const { stdout: events } = await kubectl(['get', 'events', '-o', 'json']);
      const { stdout: status } = await kubectl(['get', 'deployment', 'leaky', '-o', 'jsonpath={.status}']);
      return events.includes('FailedCreate') && status.includes('FailedCreate') ? events + status : undefined;
    });
    assert.match(told, /\*\*\*@host/);
    assert.doesNotMatch(told, /s3cret/);
    await kubectl(['delete', 'deployment', 'leaky']);
  });

  await t.test('nor do the log and the metrics of Portcullis', async () => {
    const log = cluster.portcullis.log();
    assert.match(log, /"name":"leaky".*\*\*\*@host/);
    assert.doesNotMatch(log, /s3cret/);
    const metrics = await (await fetch(`${cluster.portcullis.healthUrl}/metrics`)).text();
    assert.match(metrics, /rule="website-source",kind="Website",operation="CREATE",decision="deny"/);
    assert.doesNotMatch(metrics, /s3cret/);
  });

  await t.test('nor does the audit log, but for the request itself', async () => {
    const refusals = await eventually('the six refusals', async () => {
      const events = await plane.auditEvents();
      const found = events.filter(({ objectRef, responseStatus }) => {
        return objectRef.namespace === 'passwords' && objectRef.name === 'leaky' && responseStatus.code === 422;
      });
      return found.length >= 6 ? found : undefined;
    });
    assert.equal(refusals.length, 6);
    for (const { requestObject, ...rest } of refusals) {
      assert.match(JSON.stringify(requestObject), /s3cret/);
      assert.match(rest.responseObject.message, /\*\*\*@host/);
      assert.doesNotMatch(JSON.stringify(rest), /s3cret/);
    }
  });
}
