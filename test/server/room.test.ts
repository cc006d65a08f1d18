import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Coming, type Overload, overload } from '../../webhook/overload.ts';

describe('room for 100 bytes and four reviews', () => {
  const rooms: readonly [sentence: string, come: readonly number[], asked: number, isIn: boolean][] = [
    ['the last byte of room', [60], 40, true],
    ['one byte more', [60], 41, false],
    ['an empty one, though nothing is left', [100], 0, true],
    ['as many as there may be', [1, 1, 1], 1, true],
    ['one more', [1, 1, 1, 1], 1, false],
  ];
  for (const [sentence, come, asked, isIn] of rooms) {
    test(`${isIn ? 'taken in' : 'refused'}: ${sentence}`, () => {
      const { room } = roomOf100();
      for (const length of come) taken(room, length);
      assert.equal(room.begin(asked, assert.fail) !== undefined, isIn);
    });
  }

  test('what comes counts, and not what was said', () => {
    const { room } = roomOf100();
    const [one, other] = [room.begin(100, assert.fail), room.begin(100, assert.fail)];
    assert.equal(one?.more(60), true);
    assert.deepEqual([other?.more(41), other?.more(40)], [false, true]);
    one?.leave();
    assert.equal(other?.more(60), true);
  });

  test('a fifth whose headers came before the other four were whole is refused once it is', () => {
    const { room } = roomOf100();
    const late = room.begin(1, assert.fail);
    const first = taken(room, 1);
    for (let i = 0; i < 3; i++) taken(room, 1);
    assert.equal(late?.whole(), false);
    late?.leave();
    first.leave();
    assert.ok(taken(room, 1));
  });

  test('those that have been coming for a second give way, the oldest first, and no more of them than must', () => {
    const { room, pass } = roomOf100();
    const gone: string[] = [];
    taken(room, 10);
    for (const name of ['a', 'b', 'c']) room.begin(30, () => gone.push(name))?.more(30);
    pass(999);
    assert.equal(room.begin(40, assert.fail), undefined);
    assert.deepEqual(gone, []);
    pass(1);
    const next = room.begin(40, assert.fail);
    assert.deepEqual(gone, ['a', 'b']);
    assert.equal(next?.more(60), true);
  });

  test('one that is slow does not give way to itself', () => {
    const { room, pass } = roomOf100();
    const slow = room.begin(100, assert.fail);
    slow?.more(100);
    pass(5000);
    assert.equal(slow?.more(1), false);
  });

  test('one that leaves twice makes room once', () => {
    const { room } = roomOf100();
    const first = taken(room, 100);
    first.leave();
    taken(room, 100);
    first.leave();
    assert.equal(room.begin(1, assert.fail), undefined);
  });
});

function roomOf100() {
  let now = 5000;
  const pass = (ms: number) => {
    now += ms;
  };
  return { room: overload({ reviews: 4, bytes: 100 }, () => now), pass };
}

function taken(room: Overload, length: number): Coming {
  const coming = room.begin(length, assert.fail);
  if (!coming?.more(length) || !coming.whole()) throw new Error('it was to be taken in');
  return coming;
}
