import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectInTheClear, type Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:tls';
import { type Serving, serving } from './serving.ts';

for (const { sentence, opened } of [
  {
    sentence: 'a connection that an API server opened in advance',
    opened: async ({ port, ca }: Serving) => {
      const socket = connect({ host: '127.0.0.1', port, ca });
      await once(socket, 'secureConnect');
      return socket;
    },
  },
  {
    sentence: 'a connection that never began with TLS',
    opened: async ({ port }: Serving) => {
      const socket = connectInTheClear(port, '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    },
  },
]) {
  test(`${sentence} does not hold up the server's end`, async (t) => {
    const server = await serving(t, []);
    const socket: Socket = await opened(server);
    const late = new AbortController();
    try {
      const drained = server.server.drain({ delay: 0, deadline: 60_000 }).then(() => 'ended');
      assert.equal(await Promise.race([drained, pause(5_000, 'still waiting', late)]), 'ended');
    } finally {
      late.abort();
      socket.destroy();
    }
  });
}
