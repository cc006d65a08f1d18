import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

// `npm test`. Node runs as many test files at a time as there are cores but one; on two cores that is one, while the
// longest tests do little but wait for a control plane: three at a time keep two cores busy, and no more than busy.
// Further words are passed on: npm test -- --test-name-pattern=…
const files = Math.max(3, availableParallelism() - 1);
// Hundreds of processes load the same sources: what Node makes of them once serves all, which halves the time of a start.
const NODE_COMPILE_CACHE = join(import.meta.dirname, '../node_modules/.cache/compiled');
const { status } = spawnSync(
  process.execPath,
  [
    '--test',
    `--test-concurrency=${files}`,
    '--test-reporter=./test/reporter.ts',
    ...process.argv.slice(2),
    'test/**/*.test.ts',
  ],
  { stdio: 'inherit', env: { NODE_COMPILE_CACHE, ...process.env } },
);
process.exitCode = status ?? 1;
