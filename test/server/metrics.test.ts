import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMetrics, type Metrics } from '../../webhook/metrics.ts';
import { connected, post } from './client.ts';
import { everyOutcome } from './every-outcome.ts';
import { reviewWith } from './hostile.ts';
import { lookingUp, looksUp } from './looking-up.ts';
import { recordedKinds, recordedReview } from './recorded.ts';
import { serving } from './serving.ts';

/** Every sample of Prometheus' text format: `name{label="value"}` (labels sorted) to its value. */
async function samplesOf(metrics: Metrics): Promise<Map<string, number>> {
  const { contentType, body } = await metrics.text();
  assert.match(contentType, /^text\/plain; version=0\.0\.4/);
  const samples = new Map<string, number>();
  for (const line of body.split('\n')) {
    if (line === '' || line.startsWith('# HELP ') || line.startsWith('# TYPE ')) continue;
    const [, name, labels = '', value] = /^([a-z0-9_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? assert.fail(line);
    const sorted = labels.split(/,(?=[a-z_]+=")/).toSorted();
    samples.set(`${name}{${sorted}}`, Number(value));
  }
  return samples;
}

test('decisions are counted by rule, kind, operation, decision and mode', async (t) => {
  const server = await serving(t, everyOutcome(recordedKinds()));
  const create = recordedReview('kube-1.36/001-mutating-create-configmaps-a').bytes;
  const exec = recordedReview('025-mutating-connect-pods-exec-p').bytes;
  const remove = recordedReview('057-mutating-delete-pods-p').bytes;
  const asked: [path: string, body: Buffer][] = [
    ['/mutate/marks', create],
    ['/mutate/marks', create],
    ['/mutate/marks', exec],
    ['/mutate/looks-on', create],
    ['/mutate/skips', create],
    ['/mutate/breaks', create],
    ['/mutate/may-break', create],
    ['/validate/admits', remove],
    ['/validate/denies', remove],
    ['/validate/denies', Buffer.from('{}')],
    ['/mutate/marks', remove],
  ];
  for (const [path, body] of asked) await post(server, path, body);

  const samples = await samplesOf(server.metrics);
  const decisions = [...samples].filter(([name]) => name.startsWith('portcullis_rule_decisions_total'));
  const counted = (rule: string, kind: string, operation: string, decision: string): string =>
    `portcullis_rule_decisions_total{decision="${decision}",kind="${kind}",mode="enforce",operation="${operation}",rule="${rule}"}`;
  assert.deepEqual(Object.fromEntries(decisions), {
    [counted('marks', 'ConfigMap', 'CREATE', 'mutate')]: 2,
    [counted('marks', 'PodExecOptions', 'CONNECT', 'mutate')]: 1,
    [counted('looks-on', 'ConfigMap', 'CREATE', 'allow')]: 1,
    [counted('skips', 'ConfigMap', 'CREATE', 'skip')]: 1,
    [counted('breaks', 'ConfigMap', 'CREATE', 'failure')]: 1,
    [counted('may-break', 'ConfigMap', 'CREATE', 'failure')]: 1,
    [counted('admits', 'Pod', 'DELETE', 'allow')]: 1,
    [counted('denies', 'Pod', 'DELETE', 'deny')]: 1,
  });
  const verdicts = ['patched', 'allowed', 'denied', 'failed', 'malformed'].map((verdict) =>
    samples.get(`portcullis_review_duration_seconds_count{verdict="${verdict}"}`),
  );
  assert.deepEqual(verdicts, [3, 4, 1, 2, 1]);
  const timed =
    'portcullis_rule_duration_seconds_count{decision="mutate",kind="ConfigMap",operation="CREATE",rule="marks"}';
  assert.equal(samples.get(timed), 2);
  const total = [...samples].filter(([name]) => name.startsWith('portcullis_review_duration_seconds_sum'));
  for (const [name, seconds] of total) assert.ok(seconds > 0 && seconds < 10, `${name} ${seconds}`);
  await inFlightAre(server.metrics, 0);
});

test('a rule that is not enforced is counted under its mode', async (t) => {
  const server = await serving(t, everyOutcome(recordedKinds()), { mode: 'audit' });
  await post(server, '/validate/denies', reviewWith());
  const name =
    'portcullis_rule_decisions_total{decision="deny",kind="ConfigMap",mode="audit",operation="CREATE",rule="denies"}';
  assert.equal((await samplesOf(server.metrics)).get(name), 1);
});

test('nothing that a client sends makes a label of its own', async (t) => {
  const server = await serving(t, everyOutcome(recordedKinds()));
  for (let i = 0; i < 20; i++) {
    const body = reviewWith(({ request }) => {
      request.kind.kind = `Kind${i}`;
    });
    assert.equal((await post(server, '/validate/admits', body)).status, 500);
    assert.equal((await post(server, `/validate/${i}`, body)).status, 404);
  }
  const names = [...(await samplesOf(server.metrics)).keys()];
  assert.deepEqual(
    names.filter((name) => name.includes('Kind')),
    [],
  );
});

describe('reviews in flight', () => {
  test('are those whose answer is not sent yet', async (t) => {
    const { server, asked, found } = await lookingUp(t);
    assert.equal(await inFlight(server.metrics), 0);
    const answer = post(server, '/validate/policy', reviewWith());
    await asked;
    assert.equal(await inFlight(server.metrics), 1);
    found.reject(new Error('not synced'));
    assert.equal((await answer).status, 500);
    await inFlightAre(server.metrics, 0);
  });

  test('are those too whose body is still to come, until their client goes away', async (t) => {
    const server = await serving(t, everyOutcome(recordedKinds()));
    const clients = [await connected(t, server), await connected(t, server)];
    for (const { send } of clients) send(`${head(9).replace('policy', 'admits')}{`);
    await inFlightAre(server.metrics, 2);
    clients[0]?.socket.destroy();
    await inFlightAre(server.metrics, 1);
    clients[1]?.send('"a": 12}');
    assert.equal((await clients[1]?.answer())?.status, 400);
    await inFlightAre(server.metrics, 0);
  });

  test('are those no more that one connection has sent ahead of its answers, once it is gone', async (t) => {
    const { server, asked, found } = await lookingUp(t);
    const { send, socket } = await connected(t, server);
    const review = reviewWith();
    const ahead = Buffer.concat([Buffer.from(head(review.length)), review]);
    send(Buffer.concat([ahead, Buffer.from(head(2)), Buffer.from('{}'), ahead]));
    await asked;
    await inFlightAre(server.metrics, 3);
    socket.destroy();
    found.reject(new Error('not synced'));
    await inFlightAre(server.metrics, 0);
  });

  test('are those of no other path', async (t) => {
    const server = await serving(t, everyOutcome(recordedKinds()));
    const { send } = await connected(t, server);
    send(`${head(9).replace('policy', 'nowhere')}{`);
    await post(server, '/nowhere', '{}');
    assert.equal(await inFlight(server.metrics), 0);
  });
});

const head = (length: number): string =>
  `POST /validate/policy HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

async function inFlight(metrics: Metrics): Promise<number | undefined> {
  return (await samplesOf(metrics)).get('portcullis_reviews_in_flight{}');
}

/** Waits: a server learns that an answer is sent, or that a client has gone, when its socket says so. */
async function inFlightAre(metrics: Metrics, expected: number): Promise<void> {
  const end = performance.now() + 10_000;
  while ((await inFlight(metrics)) !== expected) {
    if (performance.now() > end) assert.equal(await inFlight(metrics), expected);
    await new Promise(setImmediate);
  }
}

test('the end of the certificate is told in seconds since 1970', async () => {
  const metrics = createMetrics();
  metrics.certificateExpires(new Date('2030-01-02T03:04:05Z'));
  const samples = await samplesOf(metrics);
  assert.equal(samples.get('portcullis_certificate_expiry_timestamp_seconds{}'), Date.UTC(2030, 0, 2, 3, 4, 5) / 1000);
});

test('two servers of one process count for themselves', async (t) => {
  const [one, other] = [await serving(t, everyOutcome(recordedKinds())), await serving(t, [looksUp])];
  await post(one, '/validate/admits', reviewWith());
  const name = 'portcullis_review_duration_seconds_count{verdict="allowed"}';
  assert.equal((await samplesOf(one.metrics)).get(name), 1);
  assert.equal((await samplesOf(other.metrics)).get(name), undefined);
});
