import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { followObjects } from '../../cluster/follow-objects.ts';
import { fakeClient, refusal } from '../certs/fake-client.ts';
import { eventually } from '../e2e/eventually.ts';

const PLACES = ['as', 'bs'].map((resource) => ({ path: `/apis/x/v1/${resource}`, name: 'n/1' }));
const soon = { everyMs: 5, timeoutMs: 5000 };

/** Follows two objects of a client that answers as it is told; by watches alone, unless said. */
function following(answer: (path: string) => object | Error, times = { everyMs: 3_600_000, settleMs: 100 }) {
  const ending = new AbortController();
  const client = fakeClient(({ path }) => answer(path));
  const seen: unknown[] = [];
  const told = {
    read: (objects: readonly unknown[]) => void seen.push(objects),
    failed: (error: unknown) => void seen.push(`${error}`),
  };
  const over = followObjects(client, PLACES, told, { signal: ending.signal, times });
  const count = (wanted: number) => eventually(`${wanted} looks`, async () => seen.length >= wanted || undefined, soon);
  return { client, seen, count, ending, over };
}

test('all objects are read at once, each by its name, and undefined is one that is not there', async (t) => {
  const { client, seen, count, ending, over } = following((path) => (path.includes('/as/') ? { a: 1 } : refusal(404)));
  t.after(() => ending.abort());
  await count(1);
  assert.deepEqual(seen, [[{ a: 1 }, undefined]]);
  assert.deepEqual(
    client.asked.map(({ method, path }) => `${method} ${path}`),
    ['GET /apis/x/v1/as/n%2F1', 'GET /apis/x/v1/bs/n%2F1'],
  );
  ending.abort();
  await over;
});

test('a change is seen at once, and what changes together is seen together', async (t) => {
  let version = 1;
  const { client, seen, count, ending } = following(() => ({ version }));
  t.after(() => ending.abort());
  await count(1);
  version = 2;
  client.tell('as');
  // Whoever looks at once has looked by now.
  for (const _ of [1, 2, 3]) await setImmediate();
  version = 3;
  client.tell('bs');
  await count(2);
  version = 4;
  client.tell('as');
  await count(3);
  assert.deepEqual(seen, [
    [{ version: 1 }, { version: 1 }],
    [{ version: 3 }, { version: 3 }],
    [{ version: 4 }, { version: 4 }],
  ]);
});

test('what no watch tells is seen now and then', async (t) => {
  let version = 1;
  const { seen, count, ending } = following(() => ({ version }), { everyMs: 20, settleMs: 1 });
  t.after(() => ending.abort());
  await count(1);
  version = 2;
  await eventually('the news', async () => JSON.stringify(seen.at(-1)).includes('2') || undefined, soon);
});

test('why they cannot be read is told, and a change is reason enough to try again', async (t) => {
  let answer: object = refusal(403, 'not for you');
  const { client, seen, count, ending } = following(() => answer as Error);
  t.after(() => ending.abort());
  await count(1);
  assert.match(`${seen[0]}`, /not for you/);
  answer = { a: 1 };
  client.tell('bs');
  await count(2);
  assert.deepEqual(seen[1], [{ a: 1 }, { a: 1 }]);
});

test('once it is to end, nothing more is asked or told', async () => {
  const { client, seen, count, ending, over } = following(() => ({}));
  await count(1);
  ending.abort();
  await over;
  client.tell('as');
  await setImmediate();
  assert.deepEqual([seen.length, client.asked.length], [1, 2]);
});
