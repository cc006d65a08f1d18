import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, describe, test } from 'node:test';
import { connected } from './client.ts';
import { assertUnharmed, MARKER, policy, reviewWith, statusMessage } from './hostile.ts';
import { serving } from './serving.ts';

// Whoever is slow is told so, and keeps no connection, even if it never closes its own side.
const served = serving({ after: after as never }, policy, { limits: { headers: 500, request: 1000 } });
const good = reviewWith();
const head = `POST /mutate/policy HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${good.length}\r\n`;

const slow: { [sentence: string]: [begun: string, rest: string] } = {
  'headers that do not come': ['', ''],
  'headers that do not end': [`${head}X: ${MARKER}\r\n`, ''],
  'headers that go on and on': [head, `X: ${MARKER}\r\n`],
  'a body that does not come': [`${head}\r\n`, ''],
  'a body that does not end': [`${head}\r\n${good.subarray(0, -5)}`, ''],
  'a body that comes blank by blank': [`${head}\r\n`, ' '],
};

// Together, since each waits for the server's clock.
describe('whoever is slow', { concurrency: true }, () => {
  for (const [sentence, [begun, rest]] of Object.entries(slow)) {
    test(`${sentence}: 408, and the connection is gone`, async (t) => {
      const server = await served;
      const connection = await connected(t, server);
      const { socket } = connection;
      connection.send(begun);
      const dribble = setInterval(() => socket.write(rest), 20);
      t.after(() => clearInterval(dribble));
      const answer = await connection.answer();
      assert.equal(statusMessage(answer, 408), 'the request did not arrive in time');
      assert.equal(answer.headers.connection, 'close');
      // Writing to a connection that is gone is what shows that it is.
      const probe = setInterval(() => socket.write(' '), 20);
      t.after(() => clearInterval(probe));
      if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
      await assertUnharmed(server, answer);
    });
  }
});

test('a client that never shakes hands is gone too', async (t) => {
  const server = await served;
  const socket = connect(server.port, '127.0.0.1');
  t.after(() => socket.destroy());
  await once(
    socket.resume().on('error', () => {}),
    'close',
  );
  await assertUnharmed(server);
});
