import assert from 'node:assert/strict';
import { constants } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { SSL_OP_NO_TICKET } from '../../webhook/tls-options.ts';
import { eventually } from '../e2e/eventually.ts';
import { post } from './client.ts';
import {
  admitted,
  agentWith,
  type Came,
  came,
  clientCa,
  clientCertificate,
  good,
  nextCa,
  refused,
} from './client-certificates.ts';
import { policy, reviewWith } from './hostile.ts';
import { anotherCertificate, type Serving, serving } from './serving.ts';

const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;
const review = reviewWith();

/** A server that lets in whoever has a certificate of the client CA. */
function guarded(t: TestContext, names: readonly string[] = [], now?: () => number): Promise<Serving> {
  return serving(t, policy, { clients: { ca: clientCa.cert, names }, ...(now === undefined ? {} : { now }) });
}

for (const version of VERSIONS) {
  const only = { minVersion: version, maxVersion: version } as const;

  describe(`with a client CA and ${version}, let in is who has`, () => {
    for (const [sentence, certificate] of Object.entries(admitted)) {
      test(sentence, async (t) => {
        const server = await guarded(t);
        assert.equal((await came(server, certificate, only)).status, 200);
        assert.deepEqual(told(server), []);
        assert.deepEqual(await counted(server), {});
      });
    }
  });

  describe(`with a client CA and ${version}, refused before any request, counted and told is who has`, () => {
    for (const [sentence, [certificate, kind, reason]] of Object.entries(refused)) {
      test(sentence, async (t) => {
        const server = await guarded(t);
        const { status, alert } = await came(server, certificate, only);
        assert.equal(status, undefined);
        const alerts = { 'TLSv1.2': 'handshake failure', 'TLSv1.3': 'certificate required' };
        assert.equal(alert, certificate === undefined ? alerts[version] : '');
        await eventually('it is told', async () => told(server)[0], { everyMs: 5 });
        assert.deepEqual(told(server), [{ level: 40, msg: 'client refused', reason }]);
        assert.deepEqual(await counted(server), { [kind]: 1 });
        assert.equal((await came(server, good, only)).status, 200, 'others are served');
      });
    }
  });

  describe(`with ${version}, a session of before is no certificate`, () => {
    test('whoever comes back with one shows a certificate again, and is let in by it', async (t) => {
      const server = await guarded(t);
      const { session } = await came(server, good, only);
      assert.equal((await came(server, good, withSession(only, session))).status, 200);
    });

    test('whoever comes back with one alone is refused', async (t) => {
      const server = await guarded(t);
      const { session } = await came(server, good, only);
      assert.equal((await came(server, {}, withSession(only, session))).status, undefined);
    });

    test('whoever comes back with one after the client CA was replaced is refused', async (t) => {
      const server = await guarded(t);
      const { session } = await came(server, good, only);
      server.server.useClientCa(nextCa.cert);
      assert.equal((await came(server, good, withSession(only, session))).status, undefined);
    });
  });
}

function withSession<T extends object>(options: T, session: Came['session']): T & { session?: Buffer } {
  return session === undefined ? options : { ...options, session };
}

test('the number that keeps sessions from being taken up is OpenSSL’s', () => {
  assert.equal(SSL_OP_NO_TICKET, constants.SSL_OP_NO_TICKET);
});

test('without a client CA everybody is let in, and nobody is counted', async (t) => {
  const server = await serving(t, policy);
  for (const certificate of [undefined, good, clientCertificate(nextCa)]) {
    assert.equal((await came(server, certificate)).status, 200);
  }
  assert.deepEqual(await counted(server), {});
});

test('strangers are counted each time, and told of once a second at most, each kind by itself', async (t) => {
  let now = 5000;
  const server = await guarded(t, [], () => now);
  const other = clientCertificate(nextCa);
  for (let i = 0; i < 5; i++) {
    await came(server);
    await came(server, other);
  }
  await eventually(
    'all are counted',
    async () => assert.deepEqual(await counted(server), { no_certificate: 5, not_accepted: 5 }) ?? true,
  );
  assert.equal(told(server).length, 2);
  now += 1000;
  await came(server);
  await eventually('it is told', async () => told(server)[2]);
  const line = { level: 40, msg: 'client refused', reason: 'it has no certificate', passedOver: 4 };
  assert.deepEqual(told(server)[2], line);
});

test('who opens a connection and closes it, as balancers do, is no stranger', async (t) => {
  const server = await guarded(t);
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
  const talking = connect(server.port, '127.0.0.1').on('error', () => {});
  talking.end('GET / HTTP/1.1\r\n\r\n');
  await once(talking, 'close');
  assert.equal((await came(server, good)).status, 200);
  assert.deepEqual(told(server), []);
  assert.deepEqual(await counted(server), {});
});

describe('where names are given, a certificate has to have one of them', () => {
  const names = ['kube-apiserver', 'system:apiserver'];
  for (const name of names) {
    test(`as ${name} has`, async (t) => {
      const server = await guarded(t, names);
      assert.equal((await came(server, clientCertificate(clientCa, { commonName: name }))).status, 200);
    });
  }

  const none = 'its certificate has no common name, or more than one';
  const others: { readonly [sentence: string]: readonly [names: readonly string[], reason: string] } = {
    'another name': [['kubelet'], isOf('kubelet')],
    'the name in capitals': [['Kube-Apiserver'], isOf('Kube-Apiserver')],
    'a name that begins like one': [['kube-apiserver\0.evil'], isOf('kube-apiserver .evil')],
    'a name of 300 characters': [['k'.repeat(300)], isOf(`${'k'.repeat(63)}…`)],
    'no name': [[], none],
    'two names, one of them the right one': [['kube-apiserver', 'kubelet'], none],
    'two names, the right one last': [['kubelet', 'kube-apiserver'], none],
  };
  for (const [sentence, [commonNames, reason]] of Object.entries(others)) {
    test(`refused with 403, told and counted: ${sentence}`, async (t) => {
      const server = await guarded(t, names);
      const agent = agentWith(t, server, clientCertificate(clientCa, { commonNames }));
      for (const path of ['/validate/policy', '/nowhere']) {
        const { status, headers, body } = await post(server, path, review, { agent });
        assert.deepEqual([status, headers['content-type']], [403, 'application/json; charset=utf-8']);
        assert.deepEqual(JSON.parse(body), {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message: `this server does not answer this client: ${reason}`,
          reason: 'Forbidden',
          code: 403,
        });
      }
      assert.deepEqual(told(server), [{ level: 40, msg: 'client refused', reason }]);
      assert.deepEqual(await counted(server), { name: 2 });
      assert.match((await server.metrics.text()).body, /^portcullis_requests_refused_total\{code="403"\} 2$/m);
    });
  }

  test('a large review is answered like any other', async (t) => {
    const server = await guarded(t, names);
    const agent = agentWith(t, server, clientCertificate(clientCa, { commonName: 'kubelet' }));
    for (let i = 0; i < 3; i++) {
      const { status } = await post(server, '/validate/policy', 'x'.repeat(5_000_000), { agent });
      assert.equal(status, 403);
    }
  });

  function isOf(shown: string): string {
    return `its certificate is that of "${shown}", which is none of the names that may ask`;
  }
});

describe('a new client CA', () => {
  const next = clientCertificate(nextCa);

  test('is for new connections; those that are kept alive go on', async (t) => {
    const server = await guarded(t);
    const agent = agentWith(t, server, good);
    assert.equal((await post(server, '/validate/policy', review, { agent })).status, 200);
    server.server.useClientCa(nextCa.cert);
    const kept = await post(server, '/validate/policy', review, { agent });
    assert.deepEqual([kept.status, kept.isReused], [200, true]);
    assert.equal((await came(server, good)).status, undefined);
    assert.equal((await came(server, next)).status, 200);
  });

  test('may come together with the old one', async (t) => {
    const server = await guarded(t);
    server.server.useClientCa(nextCa.cert + clientCa.cert);
    for (const certificate of [good, next]) assert.equal((await came(server, certificate)).status, 200);
  });

  test('outlives a new serving certificate', async (t) => {
    const server = await guarded(t);
    server.server.useClientCa(nextCa.cert);
    server.server.useCertificate(await anotherCertificate());
    assert.equal((await came(server)).status, undefined);
    assert.equal((await came(server, good)).status, undefined);
    assert.equal((await came(server, next)).status, 200);
  });

  for (const [sentence, text] of Object.entries({ empty: '', 'no PEM': 'a CA', 'a key': clientCa.key })) {
    test(`that is ${sentence} is refused, and the old one stays`, async (t) => {
      const server = await guarded(t);
      assert.throws(() => server.server.useClientCa(text), /the client CA has no certificate/);
      assert.equal((await came(server)).status, undefined);
      assert.equal((await came(server, good)).status, 200);
    });
  }
});

function told({ log }: Serving) {
  return log.map(({ time: _, ...line }) => line).filter(({ msg }) => msg !== 'review');
}

async function counted({ metrics }: Serving): Promise<{ [reason: string]: number }> {
  const { body } = await metrics.text();
  const samples = body.matchAll(/^portcullis_clients_refused_total\{reason="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...samples].map(([, reason, count]) => [reason, Number(count)]));
}
