import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { base64, text } from '../certs/base64.ts';
import { refusal } from '../certs/fake-client.ts';
import { type FakeCluster, fakeCluster } from '../certs/fake-cluster.ts';
import { newAuthority } from '../certs/fast-issuer.ts';
import { servedCluster } from '../certs/served-cluster.ts';
import { eventually } from '../e2e/eventually.ts';
import { NOWHERE, portcullis, type Seen } from './portcullis.ts';

const MUTATING = 'mutatingwebhookconfigurations';
const VALIDATING = 'validatingwebhookconfigurations';
const ca = newAuthority({ now: new Date(), days: 365 });
const others = Array.from({ length: 5 }, () => newAuthority({ now: new Date(), days: 365 }));

test('a rotation begins with a next CA in the Secret, and nothing else is touched', async (t) => {
  const { cluster, rotate } = await installed(t);
  const { code, stdout, stderr } = await rotate();
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  const { 'ca.crt': bundle, 'ca.key': key, 'next.crt': next, 'next.key': nextKey } = cluster.secret ?? {};
  assert.deepEqual([text(bundle), text(key)], [ca.cert + text(next), ca.key]);
  const { subject, validToDate, ca: isAuthority } = new X509Certificate(text(next));
  assert.ok(isAuthority && Math.abs(validToDate.getTime() - Date.now() - 365 * 86_400_000) < 60_000);
  assert.equal(
    stdout,
    `The next CA is in the Secret portcullis-ca: ${subject}, until ${validToDate.toISOString()}.\n` +
      'Every configuration has to trust it for 5 minutes; then it signs. portcullis status tells how far that is.\n',
  );
  assert.ok(!stdout.includes(text(nextKey).split('\n')[1] ?? ''));
});

test('while one is under way no other begins, and what it waits for is said', async (t) => {
  const { cluster, rotate } = await installed(t);
  await rotate();
  const next = text(cluster.secret?.['next.crt']);
  const { secret } = cluster;
  cluster.bundles[MUTATING] = [base64(ca.cert + next)];
  cluster.bundles[VALIDATING] = [base64(ca.cert)];
  const { code, stdout } = await rotate();
  assert.equal(code, 1);
  assert.equal(cluster.secret, secret);
  const [, since = ''] = /^A rotation is under way since (.*)\.\n/.exec(stdout) ?? [];
  assert.ok(Math.abs(Date.parse(since) - Date.now()) < 60_000, stdout);
  assert.equal(
    stdout.split('\n')[1],
    `${MUTATING}/portcullis trusts it; ${VALIDATING}/portcullis does not trust it yet: ` +
      'the replicas put it there, or their log says why not.',
  );
  cluster.bundles[VALIDATING] = undefined;
  assert.equal(
    (await rotate()).stdout.split('\n')[1],
    `${MUTATING}/portcullis trusts it; ${VALIDATING}/portcullis is not there: it calls nobody: ` +
      '5 minutes after a replica has seen that, it signs.',
  );
});

test('while five old CAs are trusted none begins, and until when is said', async (t) => {
  const { cluster, rotate } = await installed(t);
  const old = others.map(({ cert }, i) => ({ sha256: sha256(cert), until: `2030-01-0${i + 1}T00:00:00.000Z` }));
  cluster.secret = {
    ...cluster.secret,
    'ca.crt': base64([ca, ...others].map(({ cert }) => cert).join('')),
    'rotation.json': base64(JSON.stringify({ old, gone: [] })),
  };
  const { code, stdout } = await rotate();
  assert.equal(code, 1);
  assert.match(
    stdout,
    /^No rotation can begin now: 5 old CAs are still trusted.*dropped after 2030-01-01T00:00:00.000Z\.\n$/,
  );
});

test('without a Secret, and with a damaged one, nothing is written, and what to do is said', async (t) => {
  const { cluster, rotate } = await installed(t);
  cluster.secret = undefined;
  const missing = await rotate();
  assert.equal(missing.code, 1);
  assert.match(
    missing.stdout,
    /^There is no Secret portcullis-ca in the namespace portcullis-system: a replica in certificate mode self makes it/,
  );
  cluster.secret = { 'ca.crt': base64('x'), 'ca.key': base64('y') };
  const damaged = await rotate();
  assert.equal(damaged.code, 1);
  assert.match(damaged.stdout, /is damaged: .*: kubectl delete secret portcullis-ca --namespace portcullis-system\n$/s);
  assert.deepEqual(new Set(cluster.client.asked.map(({ method }) => method)), new Set(['GET']));
});

test('a Secret that changes in between is read again', async (t) => {
  const { cluster, rotate } = await installed(t);
  let puts = 0;
  cluster.refuse = ({ method }) => (method === 'PUT' && puts++ === 0 ? refusal(409) : undefined);
  assert.equal((await rotate()).code, 0);
  assert.equal(puts, 2);
});

for (const [sentence, refuse, said] of [
  [
    'who may not write the Secret is told so',
    () => refusal(403, 'not for you'),
    /cannot be rotated: .*not for you.*roles/,
  ],
  ['a Secret that others change without end is given up', () => refusal(409), /changed by others faster than/],
] as const) {
  test(sentence, async (t) => {
    const { cluster, rotate } = await installed(t);
    cluster.refuse = ({ method }) => (method === 'PUT' ? refuse() : undefined);
    const { code, stdout, stderr } = await rotate();
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, said);
  });
}

test('where no API server is known it could not be tried', async () => {
  const { code, stderr } = await portcullis(['certs', 'rotate'], { environment: NOWHERE });
  assert.equal(code, 2);
  assert.match(stderr, /^portcullis: No API server is known\./);
});

for (const words of [[], ['rotates'], ['rotate', 'now']]) {
  test(`portcullis certs ${words.join(' ')} is refused, with what would be right`, async () => {
    const { code, stderr } = await portcullis(['certs', ...words]);
    assert.deepEqual({ code, stderr }, { code: 2, stderr: 'portcullis: say what to do: portcullis certs rotate\n' });
  });
}

test('with --wait each step is told until the new CA signs, whatever happens on the way', async (t) => {
  const { cluster, rotate } = await installed(t);
  cluster.bundles[MUTATING] = [base64(ca.cert)];
  const ending = rotate('--wait');
  const next = await eventually('the next CA', async () => cluster.secret?.['next.crt']);
  const asked = (kind = MUTATING) => cluster.client.asked.filter(({ path }) => path.includes(kind)).length;
  // Both were asked before there was anything to wait for, too.
  const [first, other] = [asked(), asked(VALIDATING)];
  await eventually('a look', async () => (asked() > first && asked(VALIDATING) > other) || undefined);
  cluster.refuse = () => refusal(503, 'starting');
  const second = asked();
  await eventually('another look', async () => asked() > second || undefined);
  cluster.refuse = () => undefined;
  cluster.bundles[MUTATING] = [base64(ca.cert + text(next))];
  const before = asked();
  await eventually('a third look', async () => asked() > before + 1 || undefined);
  const { 'next.crt': _, 'next.key': key = '', ...rest } = cluster.secret ?? {};
  const old = [{ sha256: sha256(ca.cert), until: '2030-01-01T00:00:00.000Z' }];
  cluster.secret = {
    ...rest,
    'ca.crt': base64(text(next) + ca.cert),
    'ca.key': key,
    'rotation.json': base64(JSON.stringify({ old })),
  };
  const { code, stdout } = await ending;
  assert.equal(code, 0);
  const lines = stdout.split('\n');
  assert.match(lines.shift() ?? '', /^The next CA is in the Secret portcullis-ca: CN=Portcullis CA /);
  assert.deepEqual(
    lines.filter((line) => !line.startsWith('Asking again: ')),
    [
      `${MUTATING}/portcullis does not trust it yet.`,
      `${VALIDATING}/portcullis is not there: it calls nobody.`,
      `${MUTATING}/portcullis trusts it.`,
      'For 5 minutes, so that every API server knows.',
      'It signs now, and every replica changes over to it within half a minute.',
      'The old one is trusted until 2030-01-01T00:00:00.000Z.',
      '',
    ],
  );
});

test('with --wait a rotation that somebody undoes is not waited for without end', async (t) => {
  const { cluster, rotate } = await installed(t);
  const before = cluster.secret;
  const ending = rotate('--wait');
  await eventually('the next CA', async () => cluster.secret?.['next.crt']);
  cluster.secret = before;
  const { code, stdout } = await ending;
  assert.equal(code, 1);
  assert.match(stdout, /knows nothing of it any more.*\n$/);
});

async function installed(t: TestContext): Promise<{ cluster: FakeCluster; rotate(...flags: string[]): Promise<Seen> }> {
  const cluster = fakeCluster();
  cluster.secret = { 'ca.crt': base64(ca.cert), 'ca.key': base64(ca.key) };
  const kubeconfig = await servedCluster(t, cluster);
  const rotate = (...flags: string[]) =>
    portcullis(['certs', 'rotate', '--kubeconfig', kubeconfig, ...flags], { environment: NOWHERE });
  return { cluster, rotate };
}

function sha256(cert: string): string {
  return new X509Certificate(cert).fingerprint256.replaceAll(':', '').toLowerCase();
}
