import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { portcullis } from '../cli/portcullis.ts';
import { folderOf } from '../load/rule-folder.ts';
import { OWN_CASES_COMMANDS, REPLAY_COMMANDS } from './readme-commands.ts';

const README = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
const CASE = 'cases/no-bare-pods/refuses-a-pod-of-nobody';

test('the README leads from its rule to cases that are proved, as it says', async (t) => {
  const rule = /```ts\n([\s\S]*?name: 'no-bare-pods'[\s\S]*?)```/.exec(README)?.[1];
  const folder = await folderOf(t, { 'my-rules/no-bare-pods.ts': rule ?? '' });
  for (const [line, code, printed] of REPLAY_COMMANDS) {
    if (line.endsWith('--update')) await writeCase(folder);
    const done = await portcullis(argsOf(line), { cwd: folder });
    assert.equal(done.code, code, line + done.stdout + done.stderr);
    assert.match(done.stdout, printed, line);
  }
  const expected = parse(await readFile(join(folder, CASE, 'expected.yaml'), 'utf8'));
  assert.equal(expected.verdict, 'denied');
  assert.match(await readFile(join(folder, 'replay.xml'), 'utf8'), /^<\?xml /);
});

for (const [line, code, printed] of OWN_CASES_COMMANDS) {
  test(`all is as expected: ${line}`, async () => {
    const done = await portcullis(argsOf(line));
    assert.equal(done.code, code, done.stdout + done.stderr);
    assert.match(done.stdout, printed);
  });
}

async function writeCase(folder: string): Promise<void> {
  const object = new RegExp(`\`${CASE}/object\\.yaml\`:\\n\\n\`\`\`yaml\\n([\\s\\S]*?)\`\`\``).exec(README)?.[1];
  assert.ok(object, 'the README shows the object of the case that it names');
  await mkdir(join(folder, CASE), { recursive: true });
  await writeFile(join(folder, CASE, 'object.yaml'), object);
}

function argsOf(line: string): string[] {
  return line.replace('npm run -s portcullis -- ', '').split(' ');
}
