import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { randomOf, seed } from '../patch/random.ts';
import { filesByHand } from './files-by-hand.ts';
import { another, ca } from './files-server.ts';
import { made } from './made.ts';

const intermediate = made({ isAuthority: true, commonName: 'an intermediate CA', issuer: ca });
const leaf = made({ issuer: intermediate });
const chain = { cert: leaf.cert + intermediate.cert, key: leaf.key };

describe('a chain that is written no further than here is not used before the rest has come', () => {
  const places: { readonly [sentence: string]: number } = {
    nothing: 0,
    'half the certificate': leaf.cert.length / 2,
    'the certificate, which would do without the CA': leaf.cert.length,
    'half the CA': leaf.cert.length + intermediate.cert.length / 2,
  };
  for (const [sentence, length] of Object.entries(places)) {
    for (const isTold of [true, false]) {
      test(`${sentence}, ${isTold ? 'with' : 'without'} events`, async (t) => {
        const { applied, errors, clock, write, tell } = await filesByHand(t);
        await clock.advance(9_900);
        await write({ key: chain.key, cert: chain.cert.slice(0, length) });
        if (isTold) tell();
        await clock.advance(900);
        await write(chain);
        if (isTold) tell();
        await clock.advance(200);
        assert.deepEqual(applied, [], 'it has not been whole for a second');
        await clock.advance(1_000);
        assert.deepEqual(applied, [chain.cert]);
        assert.deepEqual(errors, []);
      });
    }
  }
});

test('files written piece by piece in any order are used when both are whole, and never before', async (t) => {
  t.diagnostic(`SEED=${seed}`);
  const random = randomOf(seed);
  const { applied, clock, write, tell } = await filesByHand(t);
  const pairs = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? another() : chain));
  for (const pair of pairs) {
    const names = random.chance(0.5) ? (['cert', 'key'] as const) : (['key', 'cert'] as const);
    for (const name of names) {
      for (let end = 0; end < pair[name].length; end += 1 + random.below(600)) {
        await write({ [name]: pair[name].slice(0, end) });
        if (random.chance(0.7)) tell();
        await clock.advance(random.below(990));
      }
      await write({ [name]: pair[name] });
    }
    await clock.advance(12_000);
    assert.equal(applied.at(-1), pair.cert, `SEED=${seed}`);
  }
  assert.deepEqual(
    applied,
    pairs.map(({ cert }) => cert),
    `SEED=${seed}`,
  );
});

test('where no event is told, a change is used within twelve seconds', async (t) => {
  const { applied, clock, write } = await filesByHand(t);
  const next = another();
  await write(next);
  await clock.advance(9_999);
  assert.deepEqual(applied, []);
  await clock.advance(2_001);
  assert.deepEqual(applied, [next.cert]);
});

test('where events are told without end, a change is used all the same', async (t) => {
  const { applied, clock, write, tell } = await filesByHand(t);
  const next = another();
  await write(next);
  for (let i = 0; i < 150; i++) {
    tell();
    await clock.advance(10);
  }
  assert.deepEqual(applied, [next.cert]);
});
