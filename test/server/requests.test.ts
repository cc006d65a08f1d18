import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, describe, test } from 'node:test';
import type { ConnectionOptions } from 'node:tls';
import { connected, type Departures, keptAlive, post } from './client.ts';
import {
  assertUnharmed,
  MARKER,
  policy,
  type Refused,
  reviewWith,
  statusMessage,
  testRefusals,
  verdictOn,
} from './hostile.ts';
import { serving } from './serving.ts';

// Requests that are not an API server's, down to bytes that are no HTTP.
const served = serving({ after: after as never }, policy);
const good = reviewWith();

testRefusals(() => served, '/mutate/policy', {
  'a review as plain text': [415, good, /application\/json/, { headers: { 'content-type': 'text/plain' } }],
  'a review without a content type': [415, good, /application\/json/, { headers: { 'content-type': undefined } }],
  'a review as a form': [
    415,
    good,
    /application\/json/,
    { headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  ],
  'a content type that is none': [415, good, /application\/json/, { headers: { 'content-type': ';;' } }],
  'a patch document': [415, good, /application\/json/, { headers: { 'content-type': 'application/json-patch+json' } }],
  'a GET of a webhook': [405, '', /^GET is not for this path; an API server uses POST$/, { method: 'GET' }],
  'a PUT of a review': [405, good, /^PUT is not for this path/, { method: 'PUT' }],
  'a DELETE of a webhook': [405, '', /^DELETE is not for this path/, { method: 'DELETE' }],
});

const paths: { [path: string]: Refused } = {
  '/mutate/other': [404, good, /^there is no webhook of this path/],
  '/mutate': [404, good, /^there is no webhook of this path/],
  '/': [404, good, /^there is no webhook of this path/],
  '/mutate/policy/more': [404, good, /^there is no webhook of this path/],
  '/Mutate/policy': [404, good, /^there is no webhook of this path/],
  '/mutate/../validate/policy': [404, good, /^there is no webhook of this path/],
  '/mutate/__proto__': [404, good, /^there is no webhook of this path/],
  [`/mutate/${'p'.repeat(5000)}`]: [404, good, /^there is no webhook of this path/],
  '/mutate/%': [400, good, /^the path is not a valid URL$/],
  '/mutate/policy/': [405, '', /^GET is not for this path/, { method: 'GET' }],
  '/livez': [404, good, /^there is no webhook of this path/],
};
for (const [path, refused] of Object.entries(paths)) {
  describe(`what is for ${path.slice(0, 30)}`, () => testRefusals(() => served, path, { 'is refused': refused }));
}

const accepted: { [sentence: string]: { path?: string; departures?: Departures } } = {
  'with a charset': { departures: { headers: { 'content-type': 'application/json; charset=utf-8' } } },
  'with its content type in capitals': { departures: { headers: { 'content-type': 'Application/JSON' } } },
  'with a budget': { path: '/mutate/policy?timeout=10s' },
  'with a query that is none': { path: '/mutate/policy?%&&=&timeout=never' },
  'with a slash at the end': { path: '/mutate/policy/' },
  chunked: { departures: { isChunked: true } },
  'by a client that wants to hear whether to go on': { departures: { headers: { expect: '100-continue' } } },
};
describe('a review is decided', () => {
  for (const [sentence, { path = '/mutate/policy', departures }] of Object.entries(accepted)) {
    test(sentence, async () => {
      const answer = await post(await served, path, good, departures);
      assert.equal(verdictOn('/mutate/policy', good, answer).kind, 'patched', answer.body);
    });
  }
});

test('a connection is kept for longer than the 90 seconds after which an API server gives it up', async (t) => {
  const server = await served;
  const { headers } = await post(server, '/mutate/policy', good, { agent: keptAlive(t, server) });
  assert.deepEqual([headers.connection, headers['keep-alive']], ['keep-alive', 'timeout=120']);
});

test('a wrong method is told the right one', async () => {
  const { status, headers } = await post(await served, '/mutate/policy', '', { method: 'GET' });
  assert.deepEqual([status, headers.allow], [405, 'POST']);
});

const head = (rest: string, version = '1.1'): string =>
  `POST /mutate/policy HTTP/${version}\r\nHost: localhost\r\nContent-Type: application/json\r\n${rest}\r\n\r\n`;
const whole = Buffer.concat([Buffer.from(head(`Content-Length: ${good.length}`)), good]);

const bytes: { [sentence: string]: [code: number, sent: string, message: RegExp] } = {
  'a text': [400, `${MARKER}\r\n\r\n`, /^this is not an HTTP\/1.1 request$/],
  'a TLS record in TLS': [400, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', /^this is not an HTTP\/1.1 request$/],
  'the preface of HTTP/2': [400, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /^this is not an HTTP\/1.1 request$/],
  'a method of its own': [400, 'ADMIT / HTTP/1.1\r\nHost: a\r\n\r\n', /^this is not an HTTP\/1.1 request$/],
  'headers of 70 kB': [431, head(`X: ${MARKER}${'x'.repeat(70_000)}`), /^the headers are too large$/],
  'two lengths that differ': [
    400,
    head('Content-Length: 1\r\nContent-Length: 2'),
    /^this is not an HTTP\/1.1 request$/,
  ],
  'a length and chunks, as request smugglers send them': [
    400,
    `${head('Content-Length: 5\r\nTransfer-Encoding: chunked')}0\r\n\r\n`,
    /^this is not an HTTP\/1.1 request$/,
  ],
  'a length below zero': [400, head('Content-Length: -1'), /^this is not an HTTP\/1.1 request$/],
  'a chunk of no length': [400, `${head('Transfer-Encoding: chunked')}zz\r\n${MARKER}`, /^this is not an HTTP/],
};
describe('bytes that are no request', () => {
  for (const [sentence, [code, sent, message]] of Object.entries(bytes)) {
    test(`${sentence}: the answer is a Status and the end of the connection`, async (t) => {
      const connection = await connected(t, await served);
      connection.send(sent);
      const answer = await connection.answer();
      assert.match(statusMessage(answer, code), message);
      assert.equal(answer.headers.connection, 'close');
      await connection.ended;
      await assertUnharmed(await served, answer);
    });
  }
});

test('a client of HTTP/1.0 gets its answer and the end of the connection', async (t) => {
  const connection = await connected(t, await served);
  connection.send(Buffer.concat([Buffer.from(head(`Content-Length: ${good.length}`, '1.0')), good]));
  const answer = await connection.answer();
  assert.equal(verdictOn('/mutate/policy', good, answer).kind, 'patched');
  await connection.ended;
});

test('requests that are sent without waiting are answered in their order', async (t) => {
  const connection = await connected(t, await served);
  const uids = ['1', '2', '3', '4', '5'];
  const bodies = uids.map((uid) =>
    reviewWith(({ request }) => {
      request.uid = uid;
    }),
  );
  connection.send(Buffer.concat(bodies.flatMap((body) => [Buffer.from(head(`Content-Length: ${body.length}`)), body])));
  for (const uid of uids) assert.equal(JSON.parse((await connection.answer()).body).response.uid, uid);
});

test('a request that comes in single bytes is decided', async (t) => {
  const connection = await connected(t, await served);
  for (const byte of whole) connection.socket.write(Uint8Array.of(byte));
  assert.equal(verdictOn('/mutate/policy', good, await connection.answer()).kind, 'patched');
});

test('a body longer than was said is no review, and what is sent after an answer is another request', async (t) => {
  const server = await served;
  for (const isAtOnce of [true, false]) {
    const connection = await connected(t, server);
    connection.send(isAtOnce ? Buffer.concat([whole, Buffer.from(`${MARKER}\r\n\r\n`)]) : whole);
    if (!isAtOnce) {
      assert.equal(verdictOn('/mutate/policy', good, await connection.answer()).kind, 'patched');
      connection.send(`${MARKER}\r\n\r\n`);
    }
    const answer = await connection.answer();
    statusMessage(answer, 400);
    await connection.ended;
    assert.equal(connection.rest(), '');
    await assertUnharmed(server, answer);
  }
});

for (const end of ['closes its side', 'vanishes'] as const) {
  test(`a client that ${end} in the middle of its body harms nobody, and nothing is decided`, async (t) => {
    const server = await served;
    const connection = await connected(t, server);
    const decided = server.log.length;
    connection.send(whole.subarray(0, -1));
    if (end === 'vanishes') {
      // The server must have begun to read, or there is nothing to break off.
      await post(server, '/mutate/policy', good);
      connection.socket.destroy();
    } else connection.socket.end();
    await connection.ended;
    assert.ok(!connection.rest().includes('"allowed"'));
    await assertUnharmed(server, { body: connection.rest() });
    const reviews = server.log.slice(decided).filter(({ msg }) => msg === 'review');
    assert.equal(reviews.length, end === 'vanishes' ? 2 : 1, 'only the good ones');
  });
}

describe('what is not TLS 1.2 with HTTP/1.1', () => {
  const refused: { [sentence: string]: [ConnectionOptions, RegExp] } = {
    'TLS 1.0 is refused': [{ minVersion: 'TLSv1', maxVersion: 'TLSv1' }, /protocol version/],
    'TLS 1.1 is refused': [{ minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }, /protocol version/],
    'a client of HTTP/2 alone is refused': [{ ALPNProtocols: ['h2'] }, /no application protocol/],
  };
  for (const [sentence, [options, reason]] of Object.entries(refused)) {
    test(sentence, async (t) => {
      const server = await served;
      // So that it is the server who refuses, and not this client's OpenSSL.
      await assert.rejects(connected(t, server, { ...options, ciphers: 'DEFAULT@SECLEVEL=0' }), reason);
      await assertUnharmed(server);
    });
  }

  const agreed: { [sentence: string]: [ConnectionOptions, protocol: string, alpn: string | false] } = {
    'TLS 1.2 is spoken': [{ maxVersion: 'TLSv1.2' }, 'TLSv1.2', false],
    'TLS 1.3 is spoken': [{}, 'TLSv1.3', false],
    'of HTTP/2 and HTTP/1.1 the latter is chosen': [{ ALPNProtocols: ['h2', 'http/1.1'] }, 'TLSv1.3', 'http/1.1'],
  };
  for (const [sentence, [options, protocol, alpn]] of Object.entries(agreed)) {
    test(sentence, async (t) => {
      const { socket } = await connected(t, await served, options);
      assert.equal(socket.getProtocol(), protocol);
      assert.equal(socket.alpnProtocol, alpn);
    });
  }

  test('plain HTTP ends without an answer', async (t) => {
    const server = await served;
    const socket = connect(server.port, '127.0.0.1');
    t.after(() => socket.destroy());
    let got = '';
    socket
      .on('error', () => {})
      .on('data', (chunk) => {
        got += chunk;
      });
    socket.write(whole);
    await once(socket, 'close');
    assert.ok(!got.includes('allowed'));
    await assertUnharmed(server, { body: got });
  });
});
