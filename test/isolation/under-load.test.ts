import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { serving } from '../cli/portcullis.ts';
import { textOf } from '../engine/reviewed.ts';
import { folderOf } from '../load/rule-folder.ts';
import { keptAlive, post } from '../server/client.ts';
import { asking } from './isolated.ts';

/** What a rule leaves behind is no matter of its review. */
const ADMITTED = /^$/;

/** What a loaded rule does, and the answer to the review that made it do so. */
const table: readonly [fault: string, answer: RegExp][] = [
  ['loop', /did not end within 1 s/],
  ['pattern', /did not end within 1 s/],
  ['logs', /did not end within 1 s/],
  ['exit', /ended its process with code 3/],
  ['kill', /ended its process with SIGKILL/],
  ['throws undefined', /it threw undefined/],
  ['throws a trap', /it threw an object/],
  ['promise', /it returned a promise/],
  ['rejection later', ADMITTED],
  ['error later', ADMITTED],
  ['heap', /memory|did not end/],
  ['2 GB', /memory|did not end/],
  ['Object.prototype', /not extensible/],
  ['Array.prototype.map', /read only/],
  ['garbage', /it returned an object/],
];

/** A second process has to be started beside the one that is stuck; a machine that is busy takes its time for that. */
const LONGEST_MS = 4000;

test('under a constant load of good reviews through HTTPS, what a rule does costs its own review alone', async (t) => {
  const target = await served(t);
  const quiet = await during(t, target, () => pause(2000));
  t.diagnostic(`quiet: ${said(quiet)}`);
  assert.deepEqual(quiet.failures, []);
  for (const [fault, answer] of table) {
    await t.test(fault, async (t) => {
      let guilty = { status: 0, text: '', ms: 0 };
      const good = await during(t, target, async () => {
        await pause(300);
        guilty = await asked(target, textOf(asking({ fault })));
        await pause(300);
      });
      const { status, text, ms } = guilty;
      t.diagnostic(`${fault}: ${status} after ${Math.round(ms)} ms (${text}); others: ${said(good)}`);
      assert.deepEqual(good.failures, []);
      assert.ok(good.latencies.length > 4, 'others were decided meanwhile');
      assert.ok((good.latencies.at(-1) ?? 0) < LONGEST_MS, said(good));
      assert.equal(status, answer === ADMITTED ? 200 : 500, text);
      assert.match(text, answer);
    });
  }
});

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

function said({ latencies }: Good): string {
  const at = (part: number) => `${(latencies[Math.floor(latencies.length * part)] ?? 0).toFixed(1)} ms`;
  return `${latencies.length} reviews, p50 ${at(0.5)}, p99 ${at(0.99)}, longest ${(latencies.at(-1) ?? 0).toFixed(1)} ms`;
}

async function served(t: TestContext): Promise<{ port: number; ca: string }> {
  // There is no cluster to look anything up in.
  const cwd = await folderOf(t, { 'portcullis.yaml': 'rules: { looks-up: { mode: off } }' });
  const rules = join(import.meta.dirname, 'rules');
  const { said } = await serving(t, ['--rules', rules, '--drain-seconds', '0'], { cwd });
  const ca = await readFile(join(cwd, '.portcullis/ca.crt'), 'utf8');
  const [, port] = /https:\/\/127\.0\.0\.1:(\d+)/.exec(said.stderr) ?? [];
  return { port: Number(port), ca };
}
