import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { issueCertificateAuthority } from '../../certs/issue.ts';
import { keepCaBundle } from '../../certs/keep-ca-bundle.ts';
import { base64, text } from './base64.ts';
import { refusal } from './fake-client.ts';
import { fakeCluster } from './fake-cluster.ts';
import { manualClock } from './manual-clock.ts';
import { manualPause } from './manual-pause.ts';
import { recordedLog } from './recorded-log.ts';

const MUTATING = 'mutatingwebhookconfigurations';
const VALIDATING = 'validatingwebhookconfigurations';
const [ours, next] = (
  await Promise.all([1, 2].map(() => issueCertificateAuthority({ now: new Date(), days: 10 })))
).map(({ cert }) => cert) as [string, string];

test('configurations that come later have the CA two seconds later at most', async (t) => {
  const { cluster, clock, log } = await kept(t);
  await clock.advance(100_000);
  assert.deepEqual(log.lines, [MUTATING, VALIDATING].map(waiting), 'said once');
  cluster.bundles[MUTATING] = [undefined];
  cluster.bundles[VALIDATING] = ['', undefined];
  await clock.advance(2000);
  assert.deepEqual(trusted(cluster), { [MUTATING]: [ours], [VALIDATING]: [ours, ours] });
});

test('a CA that was wiped is back five seconds later at most', async (t) => {
  const { cluster, clock } = await kept(t, { [MUTATING]: [base64(ours)], [VALIDATING]: [base64(ours)] });
  for (let again = 0; again < 3; again++) {
    await clock.advance(12_345);
    cluster.bundles[VALIDATING] = [undefined];
    await clock.advance(5000);
    assert.deepEqual(trusted(cluster), { [MUTATING]: [ours], [VALIDATING]: [ours] });
  }
});

test('whatever a watch tells of is mended at once, as often as it happens', async (t) => {
  const { cluster, clock } = await kept(t, { [MUTATING]: [base64(ours)] });
  for (const bundles of [[undefined], ['', undefined], [undefined]]) {
    cluster.bundles[VALIDATING] = bundles;
    cluster.client.tell(VALIDATING);
    await clock.advance(0);
    assert.deepEqual(
      trusted(cluster)[VALIDATING],
      bundles.map(() => ours),
    );
    await clock.advance(500);
  }
});

test('whoever takes the CA out as soon as it is in is answered twice a second at most', async (t) => {
  const { cluster, clock } = await kept(t, { [MUTATING]: [base64(ours)], [VALIDATING]: [base64(ours)] });
  cluster.refuse = ({ method, path }) => {
    if (!path.includes(VALIDATING)) return undefined;
    if (method === 'GET') cluster.bundles[VALIDATING] = [undefined];
    else cluster.client.tell(VALIDATING);
    return undefined;
  };
  cluster.client.tell(VALIDATING);
  await clock.advance(10_000);
  const patches = cluster.client.asked.filter(({ method }) => method === 'PATCH').length;
  assert.ok(patches > 15 && patches <= 21, `${patches} patches in ten seconds`);
});

test('while all is well, nothing is written, and little asked', async (t) => {
  const { cluster, clock, log } = await kept(t, { [MUTATING]: [base64(ours)], [VALIDATING]: [base64(ours)] });
  await clock.advance(60_000);
  assert.deepEqual(new Set(cluster.client.asked.map(({ method }) => method)), new Set(['GET']));
  assert.equal(cluster.client.asked.length, 2 * (1 + 12));
  assert.equal(log.lines.length, 2);
});

test('a start does not wait for configurations that are not there or cannot be read', async (t) => {
  const { clock } = await kept(t, {}, (cluster) => {
    cluster.refuse = ({ path }) => (path.includes(MUTATING) ? refusal(500) : undefined);
  });
  assert.equal(clock.now().getTime(), 0);
});

test('a start waits until API servers have seen the CA that it had to add', async (t) => {
  const cluster = fakeCluster();
  cluster.bundles[MUTATING] = [undefined];
  const clock = manualClock();
  let isStarted = false;
  const starting = keepCaBundle({ ...options(t, cluster, clock) }).then(() => {
    isStarted = true;
  });
  await setImmediate();
  await clock.advance(4999);
  assert.deepEqual([trusted(cluster)[MUTATING], isStarted], [[ours], false]);
  await clock.advance(1);
  await starting;
});

test('a failure is told once until it changes, and tried again ever more rarely', async (t) => {
  const { cluster, clock, log } = await kept(
    t,
    { [MUTATING]: [undefined], [VALIDATING]: [base64(ours)] },
    (cluster) => {
      cluster.refuse = ({ path }) => (path.includes(MUTATING) ? refusal(500, 'etcd is away') : undefined);
    },
  );
  const errors = () =>
    log.lines.filter((line) => line.startsWith('error')).map((line) => /"reason":"(.*)"/.exec(line)?.[1]);
  await clock.advance(600_000);
  assert.deepEqual(errors(), ['etcd is away']);
  const tries = cluster.client.asked.filter(({ path }) => path.includes(MUTATING)).length;
  assert.ok(tries >= 20 && tries < 60, `${tries} tries in ten minutes`);
  cluster.refuse = ({ method }) => (method === 'PATCH' ? refusal(403, 'not for you') : undefined);
  await clock.advance(60_000);
  assert.deepEqual(errors(), [
    'etcd is away',
    'not for you; the roles that \\"portcullis manifests server\\" prints permit it',
  ]);
  cluster.refuse = () => undefined;
  await clock.advance(60_000);
  assert.deepEqual(trusted(cluster), { [MUTATING]: [ours], [VALIDATING]: [ours] });
  assert.match(log.lines.at(-1) ?? '', /^info: put the CA into the configuration .*"webhooks":\["0.example.com"\]/);
});

test('after a success, the next failure is soon tried again', async (t) => {
  const { cluster, clock } = await kept(t, { [MUTATING]: [base64(ours)] });
  cluster.refuse = () => refusal(500);
  await clock.advance(600_000);
  cluster.refuse = () => undefined;
  await clock.advance(30_000);
  cluster.refuse = () => refusal(500);
  cluster.client.tell(MUTATING);
  await clock.advance(0);
  cluster.refuse = () => undefined;
  cluster.bundles[MUTATING] = [undefined];
  await clock.advance(1000);
  assert.deepEqual(trusted(cluster)[MUTATING], [ours]);
});

test('a request that is never answered ends by its time, and is tried again', async (t) => {
  const { cluster, clock } = await kept(t, { [MUTATING]: [undefined] }, (cluster) => {
    cluster.refuse = () => new Error('no answer from https://api.example.com within 10000 ms');
  });
  cluster.refuse = () => undefined;
  await clock.advance(1000);
  assert.deepEqual(trusted(cluster)[MUTATING], [ours]);
});

test('what fails in one configuration keeps nothing from the other', async (t) => {
  const { cluster, clock } = await kept(t, {}, (cluster) => {
    cluster.refuse = ({ path }) => (path.includes(MUTATING) ? refusal(403) : undefined);
  });
  cluster.bundles[VALIDATING] = [undefined];
  await clock.advance(2000);
  assert.deepEqual(trusted(cluster)[VALIDATING], [ours]);
});

test('once ended, nothing is asked and no timer is left', async (t) => {
  const { cluster, clock, log, end } = await kept(t, { [MUTATING]: [base64(ours)] });
  end();
  await clock.advance(0);
  const { length } = cluster.client.asked;
  assert.equal(clock.waiting, 0);
  await clock.advance(600_000);
  assert.equal(cluster.client.asked.length, length);
  assert.ok(!log.lines.some((line) => line.startsWith('error')));
});

test('a request that is ended half way is no failure', async (t) => {
  const { cluster, clock, log, end } = await kept(t, { [MUTATING]: [base64(ours)] });
  cluster.refuse = () => {
    end();
    return new Error('the request was ended');
  };
  await clock.advance(600_000);
  assert.equal(clock.waiting, 0);
  assert.ok(!log.lines.some((line) => line.startsWith('error')));
});

test('what is published is everywhere, and seen by API servers, before it is said to be', async (t) => {
  const { cluster, clock, keeper } = await kept(t, { [MUTATING]: [base64(ours)], [VALIDATING]: [base64(ours)] });
  let isPublished = false;
  const publishing = keeper.publish(ours + next).then(() => {
    isPublished = true;
  });
  await setImmediate();
  await clock.advance(4999);
  const both = { [MUTATING]: [ours + next], [VALIDATING]: [ours + next] };
  assert.deepEqual([trusted(cluster), isPublished], [both, false]);
  await clock.advance(1);
  await publishing;
  cluster.bundles[MUTATING] = [undefined];
  await clock.advance(5000);
  assert.deepEqual(trusted(cluster), both, 'it is what is kept there from then on');
});

test('what cannot be published everywhere is not said to be, and a missing configuration is nowhere', async (t) => {
  const { cluster, clock, keeper } = await kept(t, { [MUTATING]: [base64(ours)] });
  cluster.refuse = ({ method }) => (method === 'PATCH' ? refusal(403, 'not for you') : undefined);
  await assert.rejects(keeper.publish(next), { message: 'not for you' });
  cluster.refuse = () => undefined;
  const publishing = keeper.publish(next);
  await setImmediate();
  await clock.advance(5000);
  await publishing;
});

test('a CA that is no longer ours to keep is not put back', async (t) => {
  const { cluster, clock, keeper } = await kept(t, { [MUTATING]: [base64(ours)] });
  keeper.trust(next);
  await clock.advance(5000);
  assert.deepEqual(trusted(cluster)[MUTATING], [ours + next], 'others may still serve with it');
  cluster.bundles[MUTATING] = [undefined];
  await clock.advance(5000);
  assert.deepEqual(trusted(cluster)[MUTATING], [next]);
});

/** keepCaBundle on a manual clock at time 0, after its start; ended with the test. */
async function kept(
  t: TestContext,
  bundles: { [resource: string]: (string | undefined)[] } = {},
  prepare: (cluster: ReturnType<typeof fakeCluster>) => void = () => {},
) {
  const cluster = fakeCluster();
  Object.assign(cluster.bundles, bundles);
  prepare(cluster);
  const clock = manualClock();
  const given = options(t, cluster, clock);
  return { cluster, clock, keeper: await keepCaBundle(given), ...given };
}

function options(t: TestContext, { client }: ReturnType<typeof fakeCluster>, clock: ReturnType<typeof manualClock>) {
  const ending = new AbortController();
  const end = () => ending.abort();
  t.after(end);
  const { signal } = ending;
  return { client, name: 'portcullis', trusted: ours, log: recordedLog(), signal, pause: manualPause(clock), end };
}

function trusted({ bundles }: ReturnType<typeof fakeCluster>): { [resource: string]: string[] } {
  return Object.fromEntries(
    Object.entries(bundles).map(([resource, list]) => [resource, (list ?? []).map((bundle) => text(bundle))]),
  );
}

function waiting(resource: string): string {
  return `info: waiting for the configuration: it is not there yet {"configuration":"${resource}/portcullis"}`;
}
