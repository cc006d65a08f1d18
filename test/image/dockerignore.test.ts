import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { filesInContext } from './dockerignore.ts';

const FILES = ['.git/config', '.npmrc', 'a.ts', 'cli/b.ts', 'cli/old/c.ts', 'test/d.ts'];

const cases: readonly [what: string, lines: string, held: readonly string[]][] = [
  ['without lines everything is held', '# nothing\n\n', FILES],
  ['names are left out with all below them', '.git\ntest\n', ['.npmrc', 'a.ts', 'cli/b.ts', 'cli/old/c.ts']],
  ['a star is for names with a dot too', '*\n', []],
  ['what is brought back comes with all below it', '*\n!cli\n', ['cli/b.ts', 'cli/old/c.ts']],
  ['the last line that fits decides', '*\n!cli\ncli/old\n', ['cli/b.ts']],
  ['a file of a folder that is left out can be brought back', '*\n!cli/old/c.ts\n', ['cli/old/c.ts']],
  ['a star does not cross folders', 'cli/*.ts\n', FILES.filter((file) => file !== 'cli/b.ts')],
  ['two stars do', '**.ts\n', ['.git/config', '.npmrc']],
  ['a dot is a dot', 'c.i\n', FILES],
];
for (const [what, lines, held] of cases) {
  test(`.dockerignore: ${what}`, (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'portcullis-context-'));
    t.after(() => rmSync(folder, { recursive: true }));
    for (const file of FILES) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), '');
    }
    writeFileSync(join(folder, '.dockerignore'), lines);
    const found = filesInContext(folder).filter((path) => path !== '.dockerignore');
    assert.deepEqual(found.sort(), [...held].sort());
  });
}

test('.dockerignore: a pattern that is not understood is refused', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-context-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, '.dockerignore'), 'a[bc]\n');
  assert.throws(() => filesInContext(folder), /unknown pattern: a\[bc\]/);
});

test('the context of our image has the files that its steps read, no secret, no history and no test', () => {
  const files = filesInContext(join(import.meta.dirname, '../..'));
  const folders = new Set(files.filter((path) => path.includes('/')).map((path) => path.split('/')[0]));
  assert.ok(
    ['Dockerfile', '.git', 'node_modules', 'test', 'examples', '.portcullis'].every((name) => !folders.has(name)),
  );
  const others = files.filter((path) => path.includes('/') && !/\.ts$|^cli\/portcullis\.js$/.test(path));
  assert.deepEqual(others, []);
});
