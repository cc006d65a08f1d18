import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { putCaBundle } from '../../certs/ca-bundle.ts';
import { issueCertificateAuthority } from '../../certs/issue.ts';
import { base64, text } from './base64.ts';
import { byFingerprint } from './by-fingerprint.ts';
import { fakeClient, methods, refusal } from './fake-client.ts';

const now = new Date();
const [ours, other] = (await Promise.all([1, 2].map(() => issueCertificateAuthority({ now, days: 10 })))).map(
  ({ cert }) => cert,
) as [string, string];
const path = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/portcullis';
const signal = new AbortController().signal;

for (const { sentence, present, expected } of [
  { sentence: 'nothing', present: undefined, expected: ours },
  { sentence: 'an empty text', present: '', expected: ours },
  { sentence: 'a placeholder', present: '\n', expected: ours },
  { sentence: 'no PEM at all', present: 'garbage', expected: ours },
  { sentence: 'a damaged certificate', present: ours.slice(0, 300), expected: ours },
  { sentence: 'our CA, and a damaged certificate', present: ours + other.slice(0, 300), expected: ours },
  { sentence: 'the CA of another replica', present: other, expected: other + ours },
  { sentence: 'a CA that lacks its last line break', present: other.trim(), expected: other + ours },
  {
    sentence: 'something that is no certificate besides',
    present: `${other}-----BEGIN X-----\n`,
    expected: other + ours,
  },
]) {
  test(`a webhook that trusts ${sentence} gets our CA`, async () => {
    const client = server(configuration(present));
    assert.deepEqual(await put(client), ['policy.example.com']);
    const body = [
      { op: 'test', path: '/metadata/resourceVersion', value: '1' },
      { op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: base64(expected) },
    ];
    assert.deepEqual(client.asked.at(-1), { method: 'PATCH', path, body });
  });
}

for (const { sentence, present } of [
  { sentence: 'our CA', present: ours },
  { sentence: 'ours and another', present: ours + other },
  { sentence: 'another and ours', present: other + ours },
  { sentence: 'ours with comments', present: `# Portcullis\n${ours}\n\n# end` },
  { sentence: 'ours with the line breaks of Windows', present: ours.replaceAll('\n', '\r\n') },
]) {
  test(`a webhook that trusts ${sentence} is left alone`, async () => {
    const client = server(configuration(present));
    assert.deepEqual(await put(client), []);
    assert.deepEqual(methods(client), ['GET']);
  });
}

test('of two CAs only the one that is missing is added, and once', async () => {
  const client = server(configuration(other));
  await put(client, ours + other + ours);
  assert.equal(client.asked.at(-1)?.body[1].value, base64(other + ours));
});

test('only webhooks that lack our CA are patched, each at its own position', async () => {
  const client = server(configuration(ours, undefined, ours, other));
  assert.equal((await put(client))?.length, 2);
  assert.deepEqual(
    client.asked
      .at(-1)
      ?.body.slice(1)
      .map((edit: { path: string }) => edit.path),
    ['/webhooks/1/clientConfig/caBundle', '/webhooks/3/clientConfig/caBundle'],
  );
});

test('a configuration without webhooks is left alone', async () => {
  assert.deepEqual(await put(server({ metadata: { resourceVersion: '1' } })), []);
});

for (const code of [404, 409, 422]) {
  test(`a configuration that changed in between (${code}) is looked at again`, async () => {
    let patches = 0;
    const client = fakeClient(({ method }) => {
      if (method === 'PATCH') return patches++ === 0 ? refusal(code) : {};
      return patches === 0 ? configuration(undefined) : configuration(ours, undefined);
    });
    assert.deepEqual(await put(client), ['policy.example.com']);
    assert.deepEqual(methods(client), ['GET', 'PATCH', 'GET', 'PATCH']);
    assert.equal(client.asked.at(-1)?.body[1].path, '/webhooks/1/clientConfig/caBundle');
  });
}

test('a configuration that is deleted in between is missing', async () => {
  let isThere = true;
  const client = fakeClient(({ method }) => {
    if (method === 'PATCH') isThere = false;
    return isThere ? configuration(undefined) : refusal(404);
  });
  assert.equal(await put(client), undefined);
});

test('a configuration that changes without end is given up, to be tried later', async () => {
  const client = fakeClient(({ method }) => (method === 'PATCH' ? refusal(422) : configuration(undefined)));
  await assert.rejects(put(client), { code: 422 });
  assert.equal(methods(client).filter((method) => method === 'PATCH').length, 5);
});

for (const code of [401, 403, 429, 500]) {
  test(`${code} is not answered by trying at once again`, async () => {
    const client = fakeClient(({ method }) => (method === 'PATCH' ? refusal(code) : configuration(undefined)));
    await assert.rejects(put(client), { code });
    assert.deepEqual(methods(client), ['GET', 'PATCH']);
  });
}

test('what is added can be read by whoever reads PEM', async () => {
  const client = server(configuration(other.trim()));
  await put(client);
  const blocks = text(client.asked.at(-1)?.body[1].value).split(/(?<=-----END CERTIFICATE-----\n)/);
  assert.deepEqual(
    blocks.map((block) => new X509Certificate(block).subject),
    [other, ours].map((pem) => new X509Certificate(pem).subject),
  );
});

async function put(client: ReturnType<typeof fakeClient>, trusted = ours): Promise<readonly string[] | undefined> {
  return (await putCaBundle(place(client), { trusted: byFingerprint(trusted) }, signal))?.mended;
}

function place(client: ReturnType<typeof fakeClient>) {
  return { client, resource: 'mutatingwebhookconfigurations', name: 'portcullis' } as const;
}

function server(answer: object): ReturnType<typeof fakeClient> {
  return fakeClient(() => answer);
}

function configuration(...bundles: (string | undefined)[]): object {
  const webhooks = bundles.map((bundle) => ({
    name: 'policy.example.com',
    clientConfig: { url: 'https://127.0.0.1', ...(bundle === undefined ? {} : { caBundle: base64(bundle) }) },
  }));
  return { metadata: { resourceVersion: '1' }, webhooks };
}
