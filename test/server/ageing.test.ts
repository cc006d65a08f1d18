import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { ageing } from '../../webhook/ageing.ts';
import { keptAlive, post } from './client.ts';
import { policy, reviewWith, verdictOn } from './hostile.ts';
import { lookingUp } from './looking-up.ts';
import { serving } from './serving.ts';

const good = reviewWith();

test('a connection that is old enough is closed with an answer, and the next review opens another', async (t) => {
  let now = 1000;
  const server = await serving(t, policy, { now: () => now, limits: { connection: 1000 } });
  const agent = keptAlive(t, server);
  const ask = async () => {
    const answer = await post(server, '/mutate/policy', good, { agent });
    assert.equal(verdictOn('/mutate/policy', good, answer).kind, 'patched');
    return [answer.isReused, answer.headers.connection];
  };
  assert.deepEqual(await ask(), [false, 'keep-alive']);
  now += 749;
  assert.deepEqual(await ask(), [true, 'keep-alive']);
  now += 251;
  assert.deepEqual(await ask(), [true, 'close']);
  assert.deepEqual(await ask(), [false, 'keep-alive']);
});

test('a review that is being decided while its connection becomes old gets its answer', async (t) => {
  const { server, asked, found } = await lookingUp(t, { limits: { connection: 0 } });
  const agent = keptAlive(t, server);
  const first = post(server, '/validate/policy', good, { agent });
  await asked;
  found.resolve(undefined);
  assert.equal((await first).status, 200);
  const second = await post(server, '/validate/policy', good, { agent });
  assert.deepEqual([second.status, second.isReused, second.headers.connection], [200, true, 'close']);
});

test('connections that began together do not end together: each at an age of its own, the last quarter', () => {
  let now = 0;
  const random = [0, 0.5, 0.999];
  const isOld = ageing(
    1000,
    () => now,
    () => random.shift() ?? 0,
  );
  const sockets = random.map(() => ({}) as Socket);
  const old = () => sockets.map(isOld);
  assert.deepEqual(old(), [false, false, false]);
  for (const [at, expected] of [
    [750, [false, false, false]],
    [751, [false, false, true]],
    [875, [false, true, true]],
    [1000, [true, true, true]],
  ] as const) {
    now = at;
    assert.deepEqual(old(), expected, `${at}`);
  }
});
