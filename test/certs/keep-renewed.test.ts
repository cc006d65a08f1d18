import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { devCertificate } from '../../certs/dev.ts';
import { keepRenewed } from '../../certs/keep-renewed.ts';
import type { IssuedCertificate } from '../../certs/serving-certificate.ts';
import { emptyFolder } from './empty-folder.ts';
import { fingerprintSeenBy, serving } from './https.ts';
import { manualClock } from './manual-clock.ts';

const minute = 60_000;
const day = 86_400_000;

test('nothing is asked for until the certificate is due, then its successor is applied', async (t) => {
  const { clock, events } = started(t, { renewals: [certificateDue(40 * day)] });
  await clock.advance(20 * day - 1);
  assert.deepEqual(events, []);
  await clock.advance(1);
  assert.deepEqual(events, ['applied the one due at day 40']);
});

test('the successor is renewed when it is due itself', async (t) => {
  const { clock, events } = started(t, { renewals: [certificateDue(40 * day), certificateDue(60 * day)] });
  await clock.advance(40 * day);
  assert.deepEqual(events, ['applied the one due at day 40', 'applied the one due at day 60']);
});

test('a renewal that fails is reported, and tried again a minute later', async (t) => {
  const { clock, events } = started(t, { renewals: [new Error('disk full'), certificateDue(40 * day)] });
  await clock.advance(20 * day);
  assert.deepEqual(events, ['disk full']);
  await clock.advance(minute - 1);
  assert.deepEqual(events, ['disk full']);
  await clock.advance(1);
  assert.deepEqual(events, ['disk full', 'applied the one due at day 40']);
});

test('a pair that the server does not take is reported, and asked for again a minute later', async (t) => {
  const { clock, events } = started(t, { renewals: [certificateDue(40 * day), certificateDue(41 * day)], refuse: 1 });
  await clock.advance(20 * day + minute);
  assert.deepEqual(events, ['key values mismatch', 'applied the one due at day 41']);
});

test('a successor that is due already is not asked for more than once a minute', async (t) => {
  const old = certificateDue(day);
  const { clock, events } = started(t, { renewals: [old, old, old, certificateDue(40 * day)] });
  await clock.advance(20 * day + 3 * minute - 1);
  assert.equal(events.length, 3);
});

test('a certificate that is due at once is renewed at once', async (t) => {
  const { clock, events } = started(t, { first: certificateDue(-day), renewals: [certificateDue(40 * day)] });
  await clock.advance(0);
  assert.deepEqual(events, ['applied the one due at day 40']);
});

test('a clock that a sleeping machine put forward is noticed within an hour', async (t) => {
  const { clock, events } = started(t, { renewals: [certificateDue(40 * day)] });
  clock.jump(25 * day);
  await clock.advance(60 * minute);
  assert.deepEqual(events, ['applied the one due at day 40']);
});

test('no timer is longer than Node can count', async (t) => {
  const { clock } = started(t, { first: certificateDue(10_000 * day), renewals: [] });
  await clock.advance(30 * day);
  assert.ok(clock.longest < 2 ** 31);
});

test('once stopped, nothing is asked for', async (t) => {
  const { clock, events, stop } = started(t, { renewals: [certificateDue(40 * day)] });
  stop();
  assert.equal(clock.waiting, 0);
  await clock.advance(30 * day);
  assert.deepEqual(events, []);
});

test('a renewal under way when it is stopped is not applied, nor is its failure reported', async () => {
  for (const outcome of [certificateDue(40 * day), new Error('disk full')]) {
    const clock = manualClock();
    const events: string[] = [];
    const renewal = Promise.withResolvers<IssuedCertificate>();
    const stop = keepRenewed({
      current: certificateDue(0),
      renew: () => renewal.promise,
      apply: () => events.push('applied'),
      onError: () => events.push('failed'),
      time: clock,
    });
    await clock.advance(0);
    stop();
    if (outcome instanceof Error) renewal.reject(outcome);
    else renewal.resolve(outcome);
    await clock.advance(60 * day);
    assert.deepEqual(events, []);
    assert.equal(clock.waiting, 0);
  }
});

test('it may be stopped by whom it hands the successor to', async () => {
  const clock = manualClock();
  const stop = keepRenewed({
    current: certificateDue(0),
    renew: async () => certificateDue(40 * day),
    apply: () => stop(),
    onError: (error) => assert.fail(String(error)),
    time: clock,
  });
  await clock.advance(0);
  assert.equal(clock.waiting, 0);
});

test('with the real clock it renews, and does not keep the process alive', () => {
  const script = `
    import { keepRenewed } from ${JSON.stringify(import.meta.resolve('../../certs/keep-renewed.ts'))};
    const due = (renewAt) => ({ cert: '', key: '', notAfter: renewAt, renewAt });
    const other = new MessageChannel();
    other.port1.ref();
    keepRenewed({
      current: due(new Date()),
      renew: async () => due(new Date(Date.now() + 100 * ${day})),
      apply: () => { console.log('applied'); other.port1.close(); },
      onError: console.error,
    });
  `;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  assert.deepEqual({ stdout, stderr, status }, { stdout: 'applied\n', stderr: '', status: 0 });
});

test('a server goes over to the new certificate while it runs', async (t) => {
  const folder = await emptyFolder(t);
  const start = Date.now() - 25 * day;
  const clock = manualClock(start);
  const first = await devCertificate({ folder, now: clock.now() });
  const { server, port } = await serving(t, first);
  const see = () => fingerprintSeenBy({ ca: first.ca, name: 'localhost', port });
  assert.equal(await see(), new X509Certificate(first.cert).fingerprint256);

  const applied = Promise.withResolvers<IssuedCertificate>();
  const stop = keepRenewed({
    current: first,
    renew: () => devCertificate({ folder, now: clock.now() }),
    apply(next) {
      server.setSecureContext({ cert: next.cert, key: next.key });
      applied.resolve(next);
    },
    onError: applied.reject,
    time: clock,
  });
  await clock.advance(25 * day);
  const next = await applied.promise;
  stop();
  assert.notEqual(next.cert, first.cert);
  assert.equal(await see(), new X509Certificate(next.cert).fingerprint256);
});

function certificateDue(time: number): IssuedCertificate {
  return { cert: '', key: '', notAfter: new Date(time + 10 * day), renewAt: new Date(time) };
}

/** keepRenewed on a manual clock at time 0, with what its renewals bring in order; the first is due at day 20. */
function started(
  t: TestContext,
  {
    first = certificateDue(20 * day),
    renewals,
    refuse = 0,
  }: { first?: IssuedCertificate; renewals: (IssuedCertificate | Error)[]; refuse?: number },
) {
  const clock = manualClock();
  const events: string[] = [];
  const stop = keepRenewed({
    current: first,
    async renew() {
      const next = renewals.shift() ?? assert.fail('a renewal that nobody expected');
      if (next instanceof Error) throw next;
      return next;
    },
    apply({ renewAt }) {
      if (refuse-- > 0) throw new Error('key values mismatch');
      events.push(`applied the one due at day ${renewAt.getTime() / day}`);
    },
    onError: (error) => events.push(error instanceof Error ? error.message : String(error)),
    time: clock,
  });
  t.after(stop);
  return { clock, events, stop };
}
