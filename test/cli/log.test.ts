import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../e2e/eventually.ts';
import { folderOf } from '../load/rule-folder.ts';
import { post } from '../server/client.ts';
import { serving } from './portcullis.ts';

test('a reader of the log that stops reading stops no review; what it reads later is whole, and the rest is counted', async (t) => {
  const cwd = await folderOf(t, {});
  const { child, said } = await serving(t, ['--drain-seconds', '0'], { cwd });
  const { url, healthUrl } = linesOf(said.stdout).find(({ msg }) => msg === 'serving') as Record<string, string>;
  const ca = readFileSync(join(cwd, '.portcullis/ca.crt'), 'utf8');
  const port = Number(new URL(String(url)).port);
  const agent = new Agent({ keepAlive: true, maxSockets: 10 });
  t.after(() => agent.destroy());
  const ask = () => post({ port, ca }, '/mutate/git-sync/label', '{}', { agent });

  child.stdout?.pause();
  // A pipe and this end's buffer hold 128 KiB; the line of what is no review has more than 150 bytes.
  const answers = await Promise.all(Array.from({ length: 1500 }, ask));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([400]));
  assert.equal(await lost(healthUrl), 0);

  child.stdout?.resume();
  await eventually('all lines', async () => linesOf(said.stdout).length > 1500 || undefined);
  child.kill('SIGTERM');
  await eventually('the last line', async () => said.stdout.endsWith('"msg":"ended"}\n') || undefined);
  assert.equal(linesOf(said.stdout).filter(({ msg }) => msg === 'review').length, 1500);
});

async function lost(healthUrl: string | undefined): Promise<number> {
  const text = await (await fetch(`${healthUrl}/metrics`)).text();
  return Number(/^portcullis_log_lines_lost_total (\d+)$/m.exec(text)?.[1]);
}

function linesOf(text: string): { readonly [member: string]: unknown }[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
