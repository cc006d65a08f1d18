import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { assets } from '../e2e/assets.ts';
import type { Outcome } from '../e2e/ran.ts';

const BENCH = join(import.meta.dirname, '../../bench/bench.ts');
/** A quick run takes some ten seconds; a busy machine has time. */
const PATIENCE_MS = 240_000;

/** Runs `npm run bench -- ARGS` to its end. */
export function bench(...args: string[]): Promise<Outcome> {
  const env = { PATH: process.env.PATH, KUBEBUILDER_ASSETS: assets };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [BENCH, ...args], { env, timeout: PATIENCE_MS }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, stdout, stderr });
      else reject(new Error(`bench ${args.join(' ')} did not run to its end: ${stderr}`, { cause: error }));
    });
  });
}
