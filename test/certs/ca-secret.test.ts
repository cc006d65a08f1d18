import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { authorityIn, type SecretData, sharedSecret } from '../../certs/ca-secret.ts';
import { issueCertificateAuthority, issueServingCertificate } from '../../certs/issue.ts';
import { base64 } from './base64.ts';
import { fakeClient, methods, refusal } from './fake-client.ts';

const now = new Date('2026-11-21T12:00:00.000Z');
const place = { namespace: 'portcullis-system', name: 'portcullis-ca' };
const [ca, other, short] = await Promise.all([3650, 3650, 3].map((days) => issueCertificateAuthority({ now, days })));
assert.ok(ca && other && short);
const leaf = await issueServingCertificate({ ca, names: ['localhost'], now, days: 30 });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });

const later = (days: number) => new Date(now.getTime() + days * 86_400_000);

const REFUSED: readonly { sentence: string; data: SecretData; at?: Date; problem: string | RegExp }[] = [
  { sentence: 'that is empty', data: {}, problem: 'has no ca.crt and no ca.key' },
  { sentence: 'without the key', data: { 'ca.crt': base64(ca.cert) }, problem: 'has no ca.key' },
  { sentence: 'without the certificate', data: { 'ca.key': base64(ca.key) }, problem: 'has no ca.crt' },
  { sentence: 'whose certificate is damaged', data: pair(ca.cert.slice(0, 200), ca.key), problem: /^is damaged: / },
  { sentence: 'whose key is damaged', data: pair(ca.cert, ca.key.slice(0, 80)), problem: /^is damaged: / },
  { sentence: 'with damage behind the CA', data: pair(`${ca.cert}-----BEGIN x`, ca.key), problem: /^is damaged: / },
  {
    sentence: 'with the key of another CA',
    data: pair(ca.cert, other.key),
    problem: 'and its key do not belong together',
  },
  { sentence: 'with a key of another type', data: pair(ca.cert, `${rsa}`), problem: 'signs with rsa, not with EC' },
  { sentence: 'with a serving certificate', data: pair(leaf.cert, leaf.key), problem: 'is not a self-signed CA' },
  {
    sentence: 'whose CA has ended',
    data: pair(short.cert, short.key),
    at: later(3),
    problem: 'ended at 2026-11-24T12:00:00.000Z',
  },
  {
    sentence: 'whose CA is not valid yet',
    data: pair(ca.cert, ca.key),
    at: later(-1),
    problem:
      'is not valid before 2026-11-21T11:00:00.000Z, and here it is 2026-11-20T12:00:00.000Z: see to the clocks first',
  },
];

for (const { sentence, data, at = now, problem } of REFUSED) {
  test(`a Secret ${sentence} is refused, with what to do, and without what it holds`, () => {
    assert.throws(
      () => authorityIn(data, place, at),
      ({ message }: Error) => {
        const [, said = '', advice = ''] =
          /^The CA in the Secret portcullis-ca of the namespace portcullis-system (.*?)\. (It is not .*)$/s.exec(
            message,
          ) ?? [];
        if (typeof problem === 'string') assert.equal(said, problem);
        else assert.match(said, problem);
        assert.match(
          advice,
          /kubectl delete secret portcullis-ca --namespace portcullis-system && kubectl rollout restart/,
        );
        for (const secret of Object.values(data)) {
          const lines = Buffer.from(secret ?? '', 'base64')
            .toString()
            .split('\n');
          for (const line of lines.slice(1)) assert.ok(line === '' || !message.includes(line));
        }
        return true;
      },
    );
  });
}

for (const { sentence, cert, at } of [
  { sentence: 'past two thirds of its life', cert: ca.cert, at: later(3649) },
  { sentence: 'with comments around it', cert: `# ours\n${ca.cert}# the end\n`, at: now },
]) {
  test(`a CA ${sentence} is still signed with`, () => {
    assert.deepEqual(authorityIn(pair(cert, ca.key), place, at), { cert: ca.cert, key: ca.key, bundle: ca.cert });
  });
}

test('the first certificate signs, and those behind it are trusted too', () => {
  const authority = authorityIn(pair(ca.cert + other.cert, ca.key), place, now);
  assert.deepEqual(authority, { cert: ca.cert, key: ca.key, bundle: ca.cert + other.cert });
});

test('a replica that finds the Secret asks nothing more', async () => {
  const client = fakeClient(() => ({ data: pair(ca.cert, ca.key) }));
  assert.deepEqual(await shared(client), pair(ca.cert, ca.key));
  assert.deepEqual(client.asked, [
    { method: 'GET', path: '/api/v1/namespaces/portcullis-system/secrets/portcullis-ca', body: undefined },
  ]);
});

test('a replica that is second to make the Secret takes the one that is there', async () => {
  const client = answering([refusal(404), refusal(409), { data: pair(other.cert, other.key) }]);
  assert.deepEqual(await shared(client), pair(other.cert, other.key));
  assert.deepEqual(methods(client), ['GET', 'POST', 'GET']);
});

test('a Secret that is gone again before it could be read is a failure, to be tried again', async () => {
  const client = answering([refusal(404), refusal(409), refusal(404)]);
  await assert.rejects(shared(client), { code: 409 });
});

for (const code of [401, 403, 429, 500, 503]) {
  test(`no Secret is made when reading it was answered with ${code}`, async () => {
    const client = answering([refusal(code)]);
    await assert.rejects(shared(client), { code });
    assert.deepEqual(methods(client), ['GET']);
  });
}

test('a namespace that is not there is told', async () => {
  const client = answering([refusal(404), refusal(404, 'namespaces "portcullis-system" not found')]);
  await assert.rejects(shared(client), { message: 'namespaces "portcullis-system" not found' });
});

test('the CA that is made is good for ten years', async () => {
  const client = fakeClient(({ method, body }) => (method === 'GET' ? refusal(404) : body));
  const data = await shared(client);
  assert.ok(authorityIn(data, place, later(3649)));
  assert.throws(() => authorityIn(data, place, later(3651)), /ended at/);
});

function shared(client: ReturnType<typeof fakeClient>): Promise<SecretData> {
  return sharedSecret({ client, ...place }, { now, signal: new AbortController().signal });
}

function answering(answers: (object | Error)[]): ReturnType<typeof fakeClient> {
  return fakeClient(() => answers.shift() ?? assert.fail('a request that nobody expected'));
}

function pair(cert: string, key: string): SecretData {
  return { 'ca.crt': base64(cert), 'ca.key': base64(key) };
}
