import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { LIMITS } from '../../webhook/limits.ts';
import { keptAlive, post } from './client.ts';
import { assertUnharmed, MARKER, policy, reviewWith, statusMessage, verdictOn } from './hostile.ts';
import { serving } from './serving.ts';

const MIB = 1024 * 1024;
const served = serving({ after: after as never }, policy);

/** A good review of exactly so many bytes. */
function reviewOf(bytes: number): Buffer {
  const filled = reviewWith().toString();
  return Buffer.from(filled.replace(MARKER, MARKER + 'x'.repeat(bytes - Buffer.byteLength(filled))));
}

test('the largest review that an API server can make fits', () => assert.equal(LIMITS.body, 32 * MIB));

for (const [how, isChunked] of Object.entries({ 'with a Content-Length': false, chunked: true })) {
  describe(`a body ${how}`, () => {
    test('of exactly 32 MiB is decided', async () => {
      const body = reviewOf(32 * MIB);
      assert.equal(body.length, 32 * MIB);
      const answer = await post(await served, '/mutate/policy', body, { isChunked });
      assert.equal(verdictOn('/mutate/policy', body, answer).kind, 'patched', answer.body);
    });

    test('of a byte more is too large', async () => {
      const answer = await post(await served, '/mutate/policy', reviewOf(32 * MIB + 1), { isChunked });
      assert.equal(statusMessage(answer, 413), 'the body is larger than 32 MiB');
      await assertUnharmed(await served, answer);
    });

    test('of 33 MiB is too large', async () => {
      const answer = await post(await served, '/mutate/policy', reviewOf(33 * MIB), { isChunked });
      assert.equal(statusMessage(answer, 413), 'the body is larger than 32 MiB');
      await assertUnharmed(await served, answer);
    });
  });
}

test('large reviews follow one another on one connection', async (t) => {
  const server = await served;
  const agent = keptAlive(t, server);
  for (const bytes of [5 * MIB, 2000, 5 * MIB, 70_000]) {
    const answer = await post(server, '/validate/policy', reviewOf(bytes), { agent });
    assert.equal(answer.status, 200, answer.body);
  }
  await assertUnharmed(server);
});
