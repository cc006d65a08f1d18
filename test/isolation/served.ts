import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { serving } from '../cli/portcullis.ts';
import { folderOf } from '../load/rule-folder.ts';

/** A server with the rules beside this file, as a user would start it. */
export interface Served {
  readonly target: { readonly port: number; readonly ca: string };
  /** How much it has logged so far. */
  mark(): number;
  /**
   * Since when, by the log that came after the mark, all workers that are always there are free again: 0 where none has
   * ended (but for one that is yet to, where `isLate`), undefined while some are missing.
   */
  recoveredAt(mark: number, isLate?: boolean): number | undefined;
}

/** Serves until the test ends. */
export async function served(t: TestContext): Promise<Served> {
  // There is no cluster to look anything up in.
  const cwd = await folderOf(t, { 'portcullis.yaml': 'rules: { looks-up: { mode: off } }' });
  const rules = join(import.meta.dirname, 'rules');
  const { said } = await serving(t, ['--rules', rules, '--drain-seconds', '0'], { cwd });
  const ca = await readFile(join(cwd, '.portcullis/ca.crt'), 'utf8');
  const [, port] = /https:\/\/127\.0\.0\.1:(\d+)/.exec(said.stderr) ?? [];
  return {
    target: { port: Number(port), ca },
    mark: () => said.stdout.length,
    recoveredAt(mark, isLate = false) {
      const lines = [...said.stdout.slice(mark).matchAll(TOLD)];
      const [, time = '', last = ''] = lines.at(-1) ?? [];
      if (last === '') return isLate ? undefined : 0;
      return last.includes('ended') ? undefined : Date.parse(time);
    },
  };
}

const TOLD = /"time":"([^"]+)"[^\n]*"msg":"(as many workers are free|a (?:review|rule|worker) ended)/g;
