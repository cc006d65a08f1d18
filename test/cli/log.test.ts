import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from '../compile-cache.ts';
import { eventually } from '../e2e/eventually.ts';
import { folderOf } from '../load/rule-folder.ts';
import { post } from '../server/client.ts';
import { NOWHERE, serving } from './portcullis.ts';

/** A pipe and this end's buffer hold 128 KiB; the line of what is no review has more than 150 bytes. */
const MORE_THAN_A_PIPE = 1500;

test('a reader of the log that stops reading stops no review; what it reads later is whole, and the rest is counted', async (t) => {
  const { child, said, ask, lost } = await asked(t);
  child.stdout?.pause();
  await ask(MORE_THAN_A_PIPE);
  assert.equal(await lost(), 0);

  child.stdout?.resume();
  await eventually('all lines', async () => linesOf(said.stdout).length > MORE_THAN_A_PIPE || undefined);
  child.kill('SIGTERM');
  await eventually('the last line', async () => said.stdout.endsWith('"msg":"ended"}\n') || undefined);
  assert.equal(linesOf(said.stdout).filter(({ msg }) => msg === 'review').length, MORE_THAN_A_PIPE);
});

test('a reader that has stopped keeps no server from ending', async (t) => {
  const { child, ask } = await asked(t);
  child.stdout?.pause();
  await ask(MORE_THAN_A_PIPE);
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  assert.deepEqual(await Promise.race([exited, pause(10_000, 'it did not end', { ref: false })]), [0, null]);
});

test('a reader that has gone stops neither reviews nor the end, and what it misses is counted', async (t) => {
  const { child, ask, lost, ended, said } = await asked(t);
  child.stdout?.destroy();
  await eventually('lost lines', async () => {
    await ask(10);
    return (await lost()) >= 10 || undefined;
  });
  child.kill('SIGTERM');
  assert.equal(await ended, 0);
  assert.doesNotMatch(said.stderr, /EPIPE/);
});

test('a disk that is full stops neither reviews nor the end', {
  skip: !existsSync('/dev/full') && 'there is no /dev/full',
}, async (t) => {
  const cwd = await folderOf(t, {});
  const full = openSync('/dev/full', 'w');
  const guard = fileURLToPath(new URL('../../cli/portcullis.js', import.meta.url));
  const args = ['serve', '--port', '0', '--health-port', '0', '--drain-seconds', '0'];
  const child = spawn(process.execPath, [guard, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...COMPILE_CACHE, ...NOWHERE },
    stdio: ['ignore', full, 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const exited = once(child, 'exit');
  const [, port] = await eventually('serves', async () => /https:\/\/127\.0\.0\.1:(\d+) /.exec(stderr) ?? undefined);
  const ca = readFileSync(join(cwd, '.portcullis/ca.crt'), 'utf8');
  for (let i = 0; i < 3; i++) {
    assert.equal((await post({ port: Number(port), ca }, '/mutate/git-sync/label', '{}')).status, 400);
  }
  child.kill('SIGTERM');
  assert.deepEqual(await Promise.race([exited, pause(10_000, 'it did not end', { ref: false })]), [0, null]);
  assert.doesNotMatch(stderr, /ENOSPC/);
});

/** A server, and how to ask it for so many reviews at once, whose answers are as they should be. */
async function asked(t: TestContext) {
  const cwd = await folderOf(t, {});
  const { child, said } = await serving(t, ['--drain-seconds', '0'], { cwd });
  const { url, healthUrl } = linesOf(said.stdout).find(({ msg }) => msg === 'serving') as Record<string, string>;
  const ca = readFileSync(join(cwd, '.portcullis/ca.crt'), 'utf8');
  const port = Number(new URL(String(url)).port);
  const agent = new Agent({ keepAlive: true, maxSockets: 10 });
  t.after(() => agent.destroy());
  return {
    child,
    said,
    ended: once(child, 'exit').then(([code]) => code as number | null),
    async ask(times: number) {
      const each = () => post({ port, ca }, '/mutate/git-sync/label', '{}', { agent });
      const answers = await Promise.all(Array.from({ length: times }, each));
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([400]));
    },
    lost: () => lost(healthUrl),
  };
}

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
