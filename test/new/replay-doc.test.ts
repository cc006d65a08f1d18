import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { portcullis, running } from '../cli/portcullis.ts';
import { eventually } from '../e2e/eventually.ts';
import { folderOf } from '../load/rule-folder.ts';

const DOCUMENT = await readFile(new URL('../../docs/replay.md', import.meta.url), 'utf8');

/** A file that is named before its block, commands, or what the last command printed. */
type Step =
  | { readonly file: string; readonly text: string }
  | { readonly lines: readonly string[] }
  | { readonly printed: string };

test('docs/replay.md leads from nothing to cases that are proved: its files written, its commands run, in its order', async (t) => {
  const folder = await folderOf(t, {});
  let last = '';
  let commands = 0;
  for (const step of steps()) {
    if ('file' in step) {
      await mkdir(dirname(join(folder, step.file)), { recursive: true });
      await writeFile(join(folder, step.file), step.text);
    } else if ('printed' in step) {
      assert.ok(last.includes(step.printed), `${last}\ndoes not print\n${step.printed}`);
    } else {
      for (const line of step.lines) last = await done(line, folder, t);
      commands += step.lines.length;
    }
  }
  assert.equal(commands, 8);
  assert.match(await readFile(join(folder, 'replay.xml'), 'utf8'), /tests="3" failures="0"/);
});

function steps(): Step[] {
  const blocks = DOCUMENT.matchAll(/(?:`([\w./-]+)`:\n\n)?```(\w+)\n([\s\S]*?)```/g);
  return [...blocks].map(([, file, language, text = '']): Step => {
    if (language === 'sh') return { lines: text.trim().split('\n') };
    if (language === 'text') return { printed: text.trim() };
    assert.ok(file, `a block without the name of its file:\n${text}`);
    return { file, text };
  });
}

/** What the command printed. `--watch` is stopped when it has replayed. */
async function done(line: string, folder: string, t: TestContext): Promise<string> {
  const [program, ...words] = line.split(' ');
  if (program === 'rm') {
    await rm(join(folder, words.at(-1) ?? ''), { recursive: true });
    return '';
  }
  const [name, ...args] = words;
  assert.deepEqual([program, name], ['npx', 'portcullis'], line);
  if (args.includes('--watch')) return watched(args, folder, t);
  const { code, stdout, stderr } = await portcullis(args, { cwd: folder });
  assert.equal(code, 0, line + stdout + stderr);
  return stdout;
}

async function watched(args: readonly string[], cwd: string, t: TestContext): Promise<string> {
  const { child, said, ended } = running(t, args, { cwd });
  await eventually('a first replay', async () => said.stdout.includes('3 of 3 cases passed') || undefined);
  child.kill('SIGTERM');
  assert.equal(await ended, 0, said.stderr);
  return said.stdout;
}
