import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type FilesByHand, filesByHand } from './files-by-hand.ts';
import { another, ca } from './files-server.ts';
import { hoursFromNow, type Made, made } from './made.ts';

const minute = 60_000;
const hour = 60 * minute;
const mismatch = 'tls.key is not the key of tls.crt';

test('two files replaced within ten seconds of each other alarm nobody', async (t) => {
  const { applied, errors, clock, write, tell } = await filesByHand(t);
  const next = another();
  await write({ cert: next.cert });
  tell();
  await clock.advance(10_000);
  await write({ key: next.key });
  tell();
  await clock.advance(2 * minute);
  assert.deepEqual(applied, [next.cert]);
  assert.deepEqual(errors, []);
});

test('a pair that does not match is told after ten seconds, once, and the old one stays', async (t) => {
  const { applied, errors, clock, write, tell, folder, first } = await filesByHand(t);
  await write({ cert: another().cert });
  tell();
  await clock.advance(10_099);
  assert.deepEqual(errors, []);
  await clock.advance(1);
  assert.deepEqual(errors, [refusal(folder, mismatch, first)]);
  tell();
  await clock.advance(2 * minute);
  assert.equal(errors.length, 1);
  assert.deepEqual(applied, []);
});

test('where no event is told, it is told within twenty seconds', async (t) => {
  const { errors, clock, write } = await filesByHand(t);
  await write({ cert: another().cert });
  await clock.advance(20_000);
  assert.equal(errors.length, 1);
});

test('a good pair that follows is used, and the same bad one is told anew after it', async (t) => {
  const { applied, errors, clock, write, first } = await filesByHand(t);
  const [bad, good] = [{ cert: another().cert, key: first.key }, another()];
  for (const pair of [bad, good, bad]) {
    await write(pair);
    await clock.advance(minute);
  }
  assert.deepEqual(applied, [good.cert]);
  assert.equal(errors.length, 2);
});

test('going back to the files in use ends the trouble', async (t) => {
  const { applied, errors, clock, write, tell, first } = await filesByHand(t);
  await write({ cert: another().cert });
  tell();
  await clock.advance(5_000);
  await write(first);
  tell();
  await clock.advance(1_000);
  await write({ cert: another().cert });
  tell();
  await clock.advance(9_000);
  assert.deepEqual([applied, errors], [[], []]);
});

test('each different bad state is told once, files that change without end at most every ten seconds', async (t) => {
  const { errors, clock, write, tell } = await filesByHand(t);
  await write({ cert: '' });
  await clock.advance(minute);
  await write({ cert: 'no certificate' });
  await clock.advance(minute);
  assert.deepEqual(
    errors.map((text) => /not taken: (.*?)[.:] /.exec(text)?.[1]),
    ['tls.crt is empty', 'tls.crt is not PEM'],
  );
  for (let i = 0; i < 60; i++) {
    await write({ cert: `try ${i}` });
    tell();
    await clock.advance(1_000);
  }
  const more = errors.length - 2;
  assert.ok(more >= 4 && more <= 6, `told ${more} times in a minute`);
});

describe('a successor of this kind is refused, and said to be', () => {
  const successors: { readonly [sentence: string]: readonly [(at: FilesByHand) => Promise<void>, problem: RegExp] } = {
    'one that has ended': [
      ({ write }) => write(made({ issuer: ca, from: hoursFromNow(-9), until: hoursFromNow(-1) })),
      /tls\.crt ended at 20/,
    ],
    'one for another name': [
      ({ write }) => write(made({ issuer: ca, names: ['a.svc'] })),
      /tls\.crt is not for localhost, but for DNS:a\.svc/,
    ],
    'no key': [({ folder }) => rm(join(folder, 'tls.key')), /tls\.key is missing/],
    'no folder': [({ folder }) => rm(folder, { recursive: true }), /there is no such folder/],
  };
  for (const [sentence, [replace, problem]] of Object.entries(successors)) {
    test(sentence, async (t) => {
      const files = await filesByHand(t);
      await replace(files);
      await files.clock.advance(2 * minute);
      assert.equal(files.errors.length, 1);
      assert.match(files.errors[0] ?? '', problem);
      assert.deepEqual(files.applied, []);
    });
  }
});

test('one that ends before the one in use is used: somebody rolled back', async (t) => {
  const { applied, errors, clock, write } = await filesByHand(t);
  const older = made({ issuer: ca, from: hoursFromNow(-48), until: hoursFromNow(12) });
  await write(older);
  await clock.advance(minute);
  assert.deepEqual([applied, errors], [[older.cert], []]);
});

test('one that is not valid yet is used when its time has come', async (t) => {
  const { applied, errors, clock, write } = await filesByHand(t);
  const early = made({ issuer: ca, from: hoursFromNow(2), until: hoursFromNow(30) });
  await write(early);
  await clock.advance(minute);
  clock.jump(113 * minute);
  await clock.advance(10_000);
  assert.equal(errors.length, 1);
  assert.match(errors[0] ?? '', /tls\.crt is not valid before 20/);
  assert.deepEqual(applied, []);
  await clock.advance(2 * minute);
  assert.deepEqual(applied, [early.cert]);
});

test('one that the server does not take is told, and used as soon as it takes it', async (t) => {
  let isTaken = false;
  const { applied, errors, clock, write, folder, first } = await filesByHand(t, {
    onChange() {
      if (!isTaken) throw new Error('no memory');
    },
  });
  const next = another();
  await write(next);
  await clock.advance(2 * minute);
  assert.deepEqual(errors, [refusal(folder, 'the server does not take it (no memory)', first)]);
  isTaken = true;
  await clock.advance(10_000);
  assert.deepEqual(applied, [next.cert]);
});

describe('a certificate without a successor is told of before it ends, and when it has ended', () => {
  test('a day before, where it lives for long', async (t) => {
    const first = made({ issuer: ca, until: hoursFromNow(24 * 30) });
    const { errors, clock, folder } = await filesByHand(t, { first });
    clock.jump(29 * 24 * hour - minute);
    await clock.advance(10_000);
    assert.deepEqual(errors, []);
    await clock.advance(2 * minute);
    const end = new X509Certificate(first.cert).validToDate.toISOString();
    assert.deepEqual(errors, [`The certificate in use ends at ${end}, and ${folder} holds no successor.`]);
    clock.jump(24 * hour - 4 * minute);
    await clock.advance(minute);
    assert.equal(errors.length, 1);
    await clock.advance(4 * minute);
    assert.equal(
      errors[1],
      `The certificate in use ended at ${end}, so that API servers refuse it, and ${folder} holds no successor.`,
    );
    await clock.advance(2 * minute);
    assert.equal(errors.length, 2);
  });

  test('a tenth of its life before, where that is less', async (t) => {
    const { errors, clock } = await filesByHand(t, {
      first: made({ issuer: ca, from: hoursFromNow(-1), until: hoursFromNow(9) }),
    });
    clock.jump(8 * hour - minute);
    await clock.advance(10_000);
    assert.deepEqual(errors, []);
    await clock.advance(2 * minute);
    assert.equal(errors.length, 1);
  });

  test('and where a bad one lies there, that is said again', async (t) => {
    const { errors, clock, write } = await filesByHand(t);
    await write({ key: another().key });
    await clock.advance(minute);
    assert.equal(errors.length, 1);
    clock.jump(22 * hour);
    await clock.advance(minute);
    assert.equal(errors.length, 2);
    assert.match(errors[1] ?? '', /^The certificate in use ends at 20.*holds no successor: tls\.key is not the key of/);
  });
});

function refusal(folder: string, problem: string, used: Made): string {
  const end = new X509Certificate(used.cert).validToDate.toISOString();
  return `The certificate in ${folder} is not taken: ${problem}. The one in use stays, and ends at ${end}.`;
}
