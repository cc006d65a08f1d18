import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');

// One compilation holds the promises of the rule API (compiles.ts, refused.ts) and everything else of the project.
const PROJECTS: readonly [string, readonly string[]][] = [
  ['the project, with what rules may and may not be', ['--noEmit']],
  [
    'the examples, under the tsconfig that a platform team would copy',
    ['-p', 'examples', '--customConditions', 'portcullis-source'],
  ],
];
for (const [name, args] of PROJECTS) {
  test(`TypeScript accepts ${name}`, () => {
    const tsc = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), args, { cwd: ROOT, encoding: 'utf8' });
    assert.equal(tsc.status, 0, tsc.stdout + tsc.stderr);
  });
}
