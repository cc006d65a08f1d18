import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { type Authorities, authoritiesIn, dataWith, type SecretData } from '../../certs/authorities.ts';
import { issueCertificateAuthority, issueServingCertificate } from '../../certs/issue.ts';
import { base64, text } from './base64.ts';
import { byFingerprint } from './by-fingerprint.ts';

const now = new Date('2026-11-21T12:00:00.000Z');
const [ca, other, third] = await Promise.all([1, 2, 3].map(() => issueCertificateAuthority({ now, days: 365 })));
assert.ok(ca && other && third);
const leaf = await issueServingCertificate({ ca, names: ['localhost'], now, days: 30 });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
const [sha, otherSha, thirdSha] = [ca, other, third].map(({ cert }) => [...byFingerprint(cert).keys()][0] as string);
assert.ok(sha && otherSha && thirdSha);

const REFUSED: readonly { sentence: string; data: SecretData; problem: string | RegExp }[] = [
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
];

for (const { sentence, data, problem } of REFUSED) {
  test(`a Secret ${sentence} holds no CA, and why is said without what it holds`, () => {
    const said = authoritiesIn(data);
    assert.ok(typeof said === 'string');
    if (typeof problem === 'string') assert.equal(said, problem);
    else assert.match(said, problem);
    for (const secret of Object.values(data)) {
      for (const line of text(secret).split('\n').slice(1)) assert.ok(line === '' || !said.includes(line));
    }
  });
}

for (const { sentence, cert } of [
  { sentence: 'as an older version, or a person, has left it', cert: ca.cert },
  { sentence: 'with comments around it', cert: `# ours\n${ca.cert}# the end\n` },
]) {
  test(`a CA ${sentence} signs, and nothing is on its way`, () => {
    const state = read(pair(cert, ca.key));
    assert.deepEqual([state.signing.cert, state.signing.key, state.signing.sha256], [ca.cert, ca.key, sha]);
    assert.deepEqual([...state.trusted.keys()], [sha]);
    assert.deepEqual([state.next, state.old, state.gone], [undefined, new Map(), []]);
  });
}

test('the first certificate signs, and those behind it are trusted too', () => {
  const state = read(pair(ca.cert + other.cert, ca.key));
  assert.equal(state.signing.sha256, sha);
  assert.deepEqual([...state.trusted.keys()], [sha, otherSha]);
});

const rotating = {
  ...pair(ca.cert + third.cert, ca.key),
  'next.crt': base64(other.cert),
  'next.key': base64(other.key),
  'rotation.json': base64(
    JSON.stringify({ old: [{ sha256: thirdSha, until: '2027-01-01T00:00:00.000Z' }], gone: ['0'.repeat(64)] }),
  ),
  note: base64('of a person'),
};

test('what is written is what is read, keys that nobody knows included', () => {
  const state = read(rotating);
  assert.equal(state.next?.key, other.key);
  assert.deepEqual(
    [...state.trusted.keys()],
    [sha, otherSha, thirdSha],
    'the next one stands behind the one that signs',
  );
  assert.deepEqual(state.old, new Map([[thirdSha, new Date('2027-01-01')]]));
  assert.deepEqual(state.gone, ['0'.repeat(64)]);
  const written = dataWith(rotating, state);
  assert.deepEqual(dataWith(written, read(written)), written);
  assert.equal(read(written).next?.key, other.key);
  assert.equal(text(written.note), 'of a person');
  assert.equal(text(written['ca.crt']), ca.cert + other.cert + third.cert, 'older versions, too, trust all of it');
});

test('a next CA that there is no more leaves no key behind', () => {
  const { next: _, ...state } = read(rotating);
  assert.deepEqual(Object.keys(dataWith(rotating, state)).sort(), ['ca.crt', 'ca.key', 'note', 'rotation.json']);
});

for (const [sentence, damaged] of [
  ['whose key is damaged', { 'next.key': base64('x') }],
  ['whose key is of another', { 'next.key': base64(third.key) }],
  ['that signs already', { 'next.crt': base64(ca.cert), 'next.key': base64(ca.key) }],
] as const) {
  test(`a next CA ${sentence} is none`, () => {
    const state = read({ ...rotating, ...damaged });
    assert.deepEqual([state.signing.sha256, state.next], [sha, undefined]);
  });
}

for (const [sentence, record] of [
  ['no JSON', 'x'],
  ['null', 'null'],
  ['a list', '[]'],
  ['of other types', '{"old": 1, "gone": {"a": 1}}'],
  ['of other members', '{"old": [null, 1, {"sha256": 1}, {"sha256": "x", "until": "2027-01-01"}], "gone": [1, "x"]}'],
  ['without a time', JSON.stringify({ old: [{ sha256: thirdSha, until: 'soon' }, { sha256: thirdSha }] })],
] as const) {
  test(`a record that is ${sentence} says nothing, and all is trusted as before`, () => {
    const state = read({ ...rotating, 'rotation.json': base64(record) });
    assert.deepEqual([state.old, state.gone], [new Map(), []]);
    assert.deepEqual([...state.trusted.keys()], [sha, otherSha, thirdSha]);
  });
}

test('whoever is trusted is not gone, and whoever signs or will sign is not old', () => {
  const until = '2027-01-01T00:00:00.000Z';
  const record = { old: [sha, otherSha, '1'.repeat(64)].map((sha256) => ({ sha256, until })), gone: [sha, thirdSha] };
  const state = read({ ...rotating, 'rotation.json': base64(JSON.stringify(record)) });
  assert.deepEqual([state.old, state.gone], [new Map(), []]);
});

test('of what is gone the newest twenty are kept', () => {
  const gone = Array.from({ length: 25 }, (_, i) => i.toString(16).padStart(64, '0'));
  const state = { ...read(rotating), gone };
  assert.deepEqual(read(dataWith({}, state)).gone, gone.slice(0, 20));
});

test('a key in another form is written as PKCS#8, which is what signs', () => {
  const sec1 = createPrivateKey(ca.key).export({ type: 'sec1', format: 'pem' }).toString();
  assert.ok(sec1.startsWith('-----BEGIN EC PRIVATE KEY-----'));
  assert.equal(read(pair(ca.cert, sec1)).signing.key, ca.key);
});

function read(data: SecretData): Authorities {
  const state = authoritiesIn(data);
  assert.ok(typeof state === 'object', String(state));
  return state;
}

function pair(cert: string, key: string): { 'ca.crt': string; 'ca.key': string } {
  return { 'ca.crt': base64(cert), 'ca.key': base64(key) };
}
