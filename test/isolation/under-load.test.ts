import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../e2e/eventually.ts';
import { textOf } from '../engine/reviewed.ts';
import { keptAlive, post } from '../server/client.ts';
import { asking } from './isolated.ts';
import { served } from './served.ts';

/** What a rule leaves behind is no matter of its review. */
const ADMITTED = /^$/;

/** What a loaded rule does, and the answer to the review that made it do so. */
const table: [fault: string, answer: RegExp][] = [
  ['loop', /did not end within 1 s/],
  ['logs', /memory|did not end/],
  ['stops', /did not end within 1 s/],
  ['floods', /did not end within 1 s/],
  ['exit', /ended its process with code 3/],
  ['kill', /ended its process with SIGKILL/],
  ['closes the channel', /closed the channel|ended its process/],
  ['answers for another', /sent what no worker sends/],
  ['heap', /memory|did not end/],
  ['2 GB', /memory|did not end/],
  ['timers', ADMITTED],
  ['rejection later', ADMITTED],
  ['error later', ADMITTED],
  ['changes its process', ADMITTED],
  ['sends a message', /process.send is not a function/],
  ['disconnects', /process.disconnect is not a function/],
  ['recursion', /Maximum call stack/],
  ['throws undefined', /it threw undefined/],
  ['throws a trap', /it threw an object/],
  ['promise', /it returned a promise/],
  ['Object.prototype', /not extensible/],
  ['Array.prototype.map', /read only/],
  ['garbage', /it returned an object/],
];

/** What ends as one of those does, for whoever asks for all (`EVERY_FAULT=1`): each burns seconds of a core. */
if (process.env.EVERY_FAULT) {
  for (const fault of ['pattern', 'a getter that loops', 'map', 'array', 'buffers'])
    table.push([fault, /memory|did not end/]);
}

/** A second process has to be started beside the one that is stuck; a machine that is busy takes its time for that. */
const LONGEST_MS = 4000;

test('under a constant load of good reviews through HTTPS, what a rule does costs its own review alone', async (t) => {
  const { target, mark, recoveredAt } = await served(t);
  const quiet = await during(t, target, () => pause(2000));
  assert.deepEqual(quiet.failures, []);
  const rows = [`| nothing | | | ${told(quiet)} | |`];
  for (const [fault, answer] of table) {
    await t.test(fault, async (t) => {
      let guilty = { status: 0, text: '', ms: 0 };
      let full = 0;
      const good = await during(t, target, async () => {
        await pause(100);
        const before = mark();
        const start = Date.now();
        guilty = await asked(target, textOf(asking({ fault })));
        const isLate = fault === 'timers';
        const at = await eventually('all workers', async () => recoveredAt(before, isLate), OFTEN);
        full = at === 0 ? 0 : Math.max(1, at - start);
        await pause(100);
      });
      const { status, text, ms } = guilty;
      const [line = ''] = text.replace(/^rule faulty failed: /, '').split('\n');
      rows.push(
        `| ${fault} | ${status} ${line} | ${Math.round(ms)} ms | ${told(good)} | ${full === 0 ? 'always' : `${full} ms`} |`,
      );
      assert.deepEqual(good.failures, []);
      assert.ok(good.latencies.length > 4, 'others were decided meanwhile');
      assert.ok((good.latencies.at(-1) ?? 0) < LONGEST_MS, told(good));
      assert.equal(status, answer === ADMITTED ? 200 : 500, text);
      assert.match(text, answer);
    });
  }
  t.diagnostic(['', HEAD, ...rows].join('\n'));
  for (const row of rows) assert.match(row, SHAPE);
});

const HEAD =
  '| what a rule does | the answer to its review | after | the others failed | their p50, p99, longest | all workers free after |';
const SHAPE =
  /^\| [\w .,-]+ \| (\d{3} [^|]*)?\| (\d+ ms )?\| 0 of \d+ \| [\d.]+, [\d.]+, [\d.]+ ms \| (always |\d+ ms )?\|$/;
const OFTEN = { everyMs: 20 };

interface Good {
  /** In milliseconds, the shortest first. */
  readonly latencies: readonly number[];
  readonly failures: readonly string[];
}

/** Sends good reviews over four connections, a hundred a second each at the most, as long as it takes. */
async function during(
  t: TestContext,
  target: { port: number; ca: string },
  what: () => Promise<unknown>,
): Promise<Good> {
  const latencies: number[] = [];
  const failures: string[] = [];
  const good = textOf({});
  let isOver = false;
  const senders = Array.from({ length: 4 }, async () => {
    const agent = keptAlive(t, target);
    while (!isOver) {
      const { status, text, ms } = await asked(target, good, agent).catch((error) => ({
        status: 0,
        text: `${error}`,
        ms: 0,
      }));
      latencies.push(ms);
      if (status !== 200 || text !== '') failures.push(`${status} ${text}`);
      await pause(10);
    }
  });
  await what();
  isOver = true;
  await Promise.all(senders);
  return { latencies: latencies.sort((a, b) => a - b), failures };
}

/** The code, what was said against it, and how long it took. */
async function asked(target: { port: number; ca: string }, review: string, agent?: ReturnType<typeof keptAlive>) {
  const started = performance.now();
  const { status, body } = await post(
    target,
    '/validate/policy?timeout=10s',
    review,
    agent === undefined ? {} : { agent },
  );
  const { message = '', response } = JSON.parse(body);
  return { status, text: response?.allowed === false ? 'denied' : String(message), ms: performance.now() - started };
}

function told({ latencies, failures }: Good): string {
  const at = (part: number) => (latencies[Math.floor(latencies.length * part)] ?? latencies.at(-1) ?? 0).toFixed(1);
  return `${failures.length} of ${latencies.length} | ${at(0.5)}, ${at(0.99)}, ${at(1)} ms`;
}
