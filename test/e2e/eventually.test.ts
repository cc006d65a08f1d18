import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from './eventually.ts';

const soon = { timeoutMs: 2_000, everyMs: 1 };
const never = async () => undefined;

test('gives the first answer, and asks no more', async () => {
  let asked = 0;
  const answer = await eventually('a third answer', async () => (++asked < 3 ? undefined : asked), soon);
  assert.deepEqual([answer, asked], [3, 3]);
});

test('takes a failed attempt for "not yet"', async () => {
  let asked = 0;
  const probe = async () => {
    assert.equal(++asked, 2);
    return 'yes';
  };
  assert.equal(await eventually('a second attempt', probe, soon), 'yes');
});

test('says what was awaited and what came of the last attempt', async (t) => {
  const tooSoon = { timeoutMs: 20, everyMs: 1 };
  await t.test('when it gave nothing', () =>
    assert.rejects(
      eventually('a Pod', never, tooSoon),
      /^Error: a Pod: not within 20 ms; the last attempt gave undefined$/,
    ),
  );
  await t.test('when it failed', async () => {
    const cause = new Error('connection refused');
    const refused = eventually('a Pod', () => Promise.reject(cause), tooSoon);
    await assert.rejects(refused, {
      message: 'a Pod: not within 20 ms; the last attempt failed: connection refused',
      cause,
    });
  });
  await t.test('when it hangs', () =>
    assert.rejects(
      eventually('a Pod', () => new Promise(() => {}), tooSoon),
      /the first attempt has not come back/,
    ),
  );
});

test('gives up at once, with the reason, when there is no point any more', async (t) => {
  const reason = new Error('etcd ended');
  await t.test('before it asked', () =>
    assert.rejects(eventually('a Pod', never, { unless: AbortSignal.abort(reason) }), reason),
  );
  await t.test('in the middle of an attempt', () => {
    const end = new AbortController();
    const hangs = () => {
      end.abort(reason);
      return new Promise<undefined>(() => {});
    };
    return assert.rejects(eventually('a Pod', hangs, { unless: end.signal }), reason);
  });
});
