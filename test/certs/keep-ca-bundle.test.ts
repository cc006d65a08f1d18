import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { issueCertificateAuthority } from '../../certs/issue.ts';
import { type KeepOptions, keepCaBundle } from '../../certs/keep-ca-bundle.ts';
import { SELF_TIMES } from '../../certs/self-times.ts';
import { base64, text } from './base64.ts';
import { byFingerprint } from './by-fingerprint.ts';
import { refusal } from './fake-client.ts';
import { fakeCluster } from './fake-cluster.ts';
import { manualClock } from './manual-clock.ts';
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

test('a start does not wait for configurations that are not there, or that it may not read', async (t) => {
  const { clock, keeper } = await kept(t, {}, (cluster) => {
    cluster.refuse = ({ path }) => (path.includes(MUTATING) ? refusal(403) : undefined);
  });
  assert.deepEqual([clock.now().getTime(), carriedFor(keeper, ours)], [0, 0]);
});

test('a start looks again until it has seen both: it may be called as soon as it is ready', async (t) => {
  const cluster = fakeCluster();
  const clock = manualClock();
  cluster.bundles[MUTATING] = [undefined];
  cluster.refuse = () => refusal(500);
  let isStarted = false;
  const starting = keepCaBundle(options(t, cluster, clock)).then(() => {
    isStarted = true;
  });
  await clock.advance(10_000);
  assert.equal(isStarted, false);
  cluster.refuse = () => undefined;
  await clock.advance(30_000);
  await starting;
  assert.deepEqual(trusted(cluster)[MUTATING], [ours]);
});

test('since when a CA is trusted is counted from when this replica has seen it, or put it there', async (t) => {
  const { cluster, clock, keeper } = await kept(t, { [MUTATING]: [base64(ours)], [VALIDATING]: [undefined] });
  assert.equal(carriedFor(keeper, ours), 0);
  await clock.advance(7000);
  assert.deepEqual([carriedFor(keeper, ours), carriedFor(keeper, next)], [7000, 0]);
  cluster.bundles[VALIDATING] = [base64(ours), undefined];
  await clock.advance(5000);
  assert.ok(carriedFor(keeper, ours) < 5000, 'one of its webhooks lacked it');
  cluster.refuse = ({ path }) => (path.includes(MUTATING) ? refusal(500) : undefined);
  await clock.advance(5000);
  assert.equal(carriedFor(keeper, ours), 0, 'nobody knows what the other one trusts now');
  cluster.refuse = () => undefined;
  await clock.advance(60_000);
  assert.ok(carriedFor(keeper, ours) > 50_000);
});

test('where there is no configuration at all, every CA is trusted by each of them', async (t) => {
  const { keeper } = await kept(t);
  assert.equal(carriedFor(keeper, next), Number.POSITIVE_INFINITY);
});

for (const [sentence, secondsAgo, forMs] of [
  ['for an hour and five seconds may have been changed just now, as clocks go', 3605, 0],
  ['for longer is known to every API server', 3606, Number.POSITIVE_INFINITY],
] as const) {
  test(`what a configuration trusts that nobody has touched ${sentence}`, async (t) => {
    const { keeper } = await kept(t, { [MUTATING]: [base64(ours)] }, (cluster) => {
      cluster.changedAt = new Date(-1000 * secondsAgo);
    });
    assert.equal(carriedFor(keeper, ours), forMs);
  });
}

test('a failure is told once until it changes, and tried again ever more rarely', async (t) => {
  const { cluster, clock, log } = await kept(t, { [MUTATING]: [base64(ours)], [VALIDATING]: [base64(ours)] });
  cluster.bundles[MUTATING] = [undefined];
  cluster.refuse = ({ path }) => (path.includes(MUTATING) ? refusal(500, 'etcd is away') : undefined);
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
  const { cluster, clock } = await kept(t, { [MUTATING]: [base64(ours)] });
  cluster.bundles[MUTATING] = [undefined];
  cluster.refuse = () => new Error('no answer from https://api.example.com within 10000 ms');
  await clock.advance(5000);
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

test('what is wanted besides is put in at once, and kept there; what is wanted no more stays until it is gone', async (t) => {
  const { cluster, clock, keeper } = await kept(t, { [MUTATING]: [base64(ours)], [VALIDATING]: [base64(ours)] });
  keeper.want(wanting(ours + next));
  await clock.advance(0);
  const both = { [MUTATING]: [ours + next], [VALIDATING]: [ours + next] };
  assert.deepEqual(trusted(cluster), both);
  cluster.bundles[MUTATING] = [undefined];
  await clock.advance(5000);
  assert.deepEqual(trusted(cluster), both, 'both are kept there from then on');
  keeper.want(wanting(next));
  await clock.advance(60_000);
  assert.deepEqual(trusted(cluster), both, 'others may still serve with it');
  cluster.bundles[MUTATING] = [undefined];
  await clock.advance(5000);
  assert.deepEqual(trusted(cluster)[MUTATING], [next]);
});

test('what comes to be wanted while a configuration is looked at is not forgotten', async (t) => {
  const { cluster, clock, keeper } = await kept(t, { [MUTATING]: [base64(ours)] });
  cluster.refuse = ({ path }) => {
    if (path.includes(MUTATING)) keeper.want(wanting(ours + next));
    return undefined;
  };
  cluster.client.tell(MUTATING);
  await clock.advance(0);
  assert.deepEqual(trusted(cluster)[MUTATING], [ours + next]);
});

test('what is gone is taken out, if the Secret still says so after the configuration was read', async (t) => {
  let inSecret = new Set<string>();
  const { cluster, clock, keeper, log } = await kept(
    t,
    { [MUTATING]: [base64(next + ours)], [VALIDATING]: [base64(ours)] },
    undefined,
    { readGone: async () => inSecret },
  );
  keeper.want({ ...wanting(ours), gone: fingerprints(next) });
  await clock.advance(20_000);
  assert.deepEqual(trusted(cluster)[MUTATING], [next + ours], 'it is in use again');
  inSecret = new Set(fingerprints(next));
  await clock.advance(5000);
  assert.deepEqual(trusted(cluster), { [MUTATING]: [ours], [VALIDATING]: [ours] });
  assert.ok(log.lines.some((line) => /^info: took what is trusted no more out .*"cas":\["CN=/.test(line)));
});

test('a replica that puts back what was taken out is not fought with', async (t) => {
  const { cluster, clock, keeper } = await kept(t, { [MUTATING]: [base64(ours)] }, undefined, {
    readGone: async () => fingerprints(next),
  });
  keeper.want({ ...wanting(ours), gone: fingerprints(next) });
  let removals = 0;
  for (let second = 0; second < 600; second++) {
    if (text(cluster.bundles[MUTATING]?.[0]) === ours) {
      removals++;
      cluster.bundles[MUTATING] = [base64(ours + next)];
      cluster.client.tell(MUTATING);
    }
    await clock.advance(1000);
  }
  assert.ok(removals >= 2 && removals <= 4, `${removals} removals in ten minutes`);
});

test('under registration none configurations are looked at and never written, and what they lack is told with what to do', async (t) => {
  const { cluster, clock, keeper, log } = await kept(
    t,
    { [MUTATING]: [base64(ours)], [VALIDATING]: [undefined] },
    undefined,
    { registration: { mode: 'none', advice: 'put it in yourself' } },
  );
  await clock.advance(60_000);
  assert.deepEqual(new Set(cluster.client.asked.map(({ method }) => method)), new Set(['GET']));
  const subject = [...wanting(ours).trusted.values()].map(({ subject }) => subject);
  const lacking = `warn: the configuration lacks a CA: put it in yourself ${JSON.stringify({
    configuration: `${VALIDATING}/portcullis`,
    cas: subject,
  })}`;
  assert.deepEqual(
    log.lines.filter((line) => line.startsWith('warn')),
    [lacking],
    'said once',
  );
  const advised = () => keeper.state().map(({ advice }) => advice);
  assert.deepEqual(advised(), [undefined, 'put it in yourself']);
  assert.equal(carriedFor(keeper, ours), 0);
  cluster.bundles[VALIDATING] = [base64(ours)];
  await clock.advance(10_000);
  assert.ok(carriedFor(keeper, ours) >= 5000);
  assert.deepEqual(advised(), [undefined, undefined]);
});

test('under registration none a configuration without webhooks lacks nothing, and keeps no CA from being trusted everywhere', async (t) => {
  const { clock, keeper, log } = await kept(t, { [MUTATING]: [], [VALIDATING]: [base64(ours)] }, undefined, {
    registration: { mode: 'none', advice: 'put it in yourself' },
  });
  await clock.advance(10_000);
  assert.ok(carriedFor(keeper, ours) >= 5000);
  assert.deepEqual(
    keeper.state().map(({ lacks }) => lacks),
    [[], []],
  );
  assert.deepEqual(
    log.lines.filter((line) => line.startsWith('warn')),
    [],
  );
  assert.equal(carriedFor(keeper, next), 0, 'the other configuration lacks it');
});

test('what can be told of a configuration is what was seen last', async (t) => {
  const { cluster, clock, keeper } = await kept(t, { [MUTATING]: [base64(next), base64(next + ours)] });
  const [mutating, validating] = keeper.state();
  assert.deepEqual(mutating, {
    configuration: `${MUTATING}/portcullis`,
    isThere: true,
    seenAt: new Date(0),
    trusts: [...fingerprints(ours), ...fingerprints(next)],
    lacks: [],
  });
  assert.deepEqual([validating?.isThere, validating?.lacks], [false, []]);
  cluster.refuse = () => refusal(403, 'not for you');
  await clock.advance(10_000);
  assert.match(keeper.state()[0]?.problem ?? '', /^not for you; the roles/);
  assert.deepEqual(keeper.state()[0]?.seenAt, new Date(0));
});

/** keepCaBundle on a manual clock at time 0, after its start; ended with the test. */
async function kept(
  t: TestContext,
  bundles: { [resource: string]: (string | undefined)[] } = {},
  prepare: (cluster: ReturnType<typeof fakeCluster>) => void = () => {},
  others: Partial<Pick<KeepOptions, 'readGone' | 'registration'>> = {},
) {
  const cluster = fakeCluster();
  Object.assign(cluster.bundles, bundles);
  prepare(cluster);
  const clock = manualClock();
  const given = { ...options(t, cluster, clock), ...others };
  return { cluster, keeper: await keepCaBundle(given), ...given, clock };
}

function options(t: TestContext, { client }: ReturnType<typeof fakeCluster>, clock: ReturnType<typeof manualClock>) {
  const ending = new AbortController();
  const end = () => ending.abort();
  t.after(end);
  return {
    client,
    name: 'portcullis',
    wanted: wanting(ours),
    readGone: async (): Promise<ReadonlySet<string>> => new Set<string>(),
    registration: { mode: 'bundle' } as KeepOptions['registration'],
    log: recordedLog(),
    signal: ending.signal,
    clock,
    times: SELF_TIMES,
    end,
  };
}

function wanting(pem: string): KeepOptions['wanted'] {
  return { trusted: byFingerprint(pem), gone: new Set() };
}

function fingerprints(pem: string): Set<string> {
  return new Set(byFingerprint(pem).keys());
}

function carriedFor(keeper: Awaited<ReturnType<typeof keepCaBundle>>, pem: string): number {
  return Math.min(...[...fingerprints(pem)].map((sha256) => keeper.carriedForMs(sha256)));
}

function trusted({ bundles }: ReturnType<typeof fakeCluster>): { [resource: string]: string[] } {
  return Object.fromEntries(
    Object.entries(bundles).map(([resource, list]) => [resource, (list ?? []).map((bundle) => text(bundle))]),
  );
}

function waiting(resource: string): string {
  return `info: waiting for the configuration: it is not there yet {"configuration":"${resource}/portcullis"}`;
}
