import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Results } from '../../bench/results.ts';
import type { ServedLine } from '../../bench/table.ts';
import { emptyFolder } from '../certs/empty-folder.ts';

const MACHINE = {
  ...{ cpu: 'a made up one', cores: 2, memoryGiB: 4, system: 'linux 6.0 x64', node: 'v24.0.0' },
  ...{ serverHasItsOwnCore: true, loadAverage: 0 },
};

/** Results of a run that never was, with a table of that name for each line of `costs`: `table: line`. */
export function madeUp(costs: Results['costs']): Results {
  const names = new Set(Object.keys(costs).map((line) => line.split(': ')[0] ?? ''));
  return { version: 2, machine: MACHINE, tables: [...names].map((name) => ({ name, lines: [] })), costs };
}

/** The path of a file with this in it, which is gone when the test ends; text as it is, all else as JSON. */
export async function fileOf(t: TestContext, content: unknown): Promise<string> {
  const file = join(await emptyFolder(t), 'results.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

/** A server that answered so many reviews a second, for so much CPU time each. */
export function servedLine(what: string, by: string, perSecond: number, cpuMs: number | undefined): ServedLine {
  const figures = { perSecond, cpuMs, cores: 1, p50: 1, p99: 2, p999: 3 };
  return { what, by, bytes: 5000, reviews: 1, figures, ofBare: undefined };
}
