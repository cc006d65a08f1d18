import { readFileSync } from 'node:fs';
import type { Machine } from './machine.ts';
import { measure } from './measure.ts';
import type { AnyTable, ServedLine } from './table.ts';

/** The results of a run, to be kept and compared. */
export interface Results {
  readonly version: 2;
  readonly machine: Machine;
  readonly tables: readonly AnyTable[];
  /**
   * What each line costs beside something else that was measured in the same run: of servers their CPU time and the
   * time between answers, their start and their memory beside the bare one's, of the rest beside a constant piece of
   * work. Larger is worse.
   */
  readonly costs: { readonly [line: string]: number };
}

/** Sums up a run on a machine. */
export function resultsOf(tables: readonly AnyTable[], machine: Machine): Results {
  const work = tables.some((table) => 'lines' in table) ? constantWork() : Number.NaN;
  const costs = tables.flatMap((table) => costsOf(table, work).map(([line, cost]) => [`${table.name}: ${line}`, cost]));
  return { version: 2, machine, tables, costs: Object.fromEntries(costs) };
}

/** Reads the results of an earlier run; throws an Error with the file and what is wrong with it. */
export function readResults(file: string): Results {
  let results: Partial<Results>;
  try {
    results = JSON.parse(readFileSync(file, 'utf8')) ?? {};
  } catch (error) {
    throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  const { version, costs, tables } = results;
  const isKnown = version === 2 && Array.isArray(tables) && typeof costs === 'object' && costs !== null;
  const isWhole = isKnown && Object.values(costs).every((cost) => typeof cost === 'number' && cost > 0);
  if (isWhole) return results as Results;
  throw new Error(`${file} holds no results of this benchmark: make them anew with --json`);
}

/** How two runs differ, in words. */
export interface Comparison {
  /** Lines that cost more than the threshold times what they did. */
  readonly slower: readonly string[];
  /** Lines that are no more, of tables that still are: nobody knows what they cost. */
  readonly gone: readonly string[];
}

/** Compares two runs. Lines that are new are told nowhere. */
export function compared(old: Results, now: Results, threshold: number): Comparison {
  const slower = Object.entries(now.costs).flatMap(([line, cost]) => {
    const ratio = cost / (old.costs[line] ?? Number.POSITIVE_INFINITY);
    return ratio > threshold ? [`${line}: ${ratio.toFixed(2)} × what it cost`] : [];
  });
  const isMeasured = (line: string) => now.tables.some(({ name }) => line.startsWith(`${name}: `));
  const gone = Object.keys(old.costs).filter((line) => isMeasured(line) && !Object.hasOwn(now.costs, line));
  return { slower, gone };
}

type Cost = readonly [line: string, cost: number];

function costsOf(table: AnyTable, work: number): Cost[] {
  if ('served' in table) return table.served.flatMap((line) => servedCost(line, table.served));
  if ('starts' in table) {
    const [bare, ...others] = table.starts;
    return others.flatMap(({ what, readyMs, afterReviews }): Cost[] => {
      const memory = bytes(afterReviews) / bytes(bare?.afterReviews);
      const start: Cost = [`${what}, until ready`, readyMs / (bare?.readyMs ?? Number.NaN)];
      return Number.isNaN(memory) ? [start] : [start, [`${what}, resident`, memory]];
    });
  }
  return table.lines.map(({ what, microseconds }) => [what, microseconds / work]);
}

/**
 * Neither who the others are beside nor a peer can become slower by what is done here. Both CPU time and rate count: who
 * waits takes no CPU time, and what a worker takes on another core costs no rate.
 */
function servedCost({ what, by, figures }: ServedLine, all: readonly ServedLine[]): Cost[] {
  const bare = all.find((other) => other.what === what && other.by === 'bare')?.figures;
  if (by === 'bare' || by === 'peer' || figures === undefined || bare === undefined) return [];
  const rate: Cost = [`${what}: ${by}, in time`, bare.perSecond / figures.perSecond];
  const isKnown = bare.cpuMs !== undefined && figures.cpuMs !== undefined && bare.cpuMs > 0 && figures.cpuMs > 0;
  return isKnown ? [[`${what}: ${by}`, (figures.cpuMs ?? 0) / (bare.cpuMs ?? 1)], rate] : [rate];
}

function bytes(memory: { readonly own: number; readonly workers: number } | undefined): number {
  return memory === undefined ? Number.NaN : memory.own + memory.workers;
}

/** Microseconds that a piece of work takes which never changes: it stands for how fast the machine is today. */
function constantWork(): number {
  const text = JSON.stringify(
    Array.from({ length: 200 }, (_, i) => ({ name: `name-${i}`, values: [i, String(i), null] })),
  );
  return measure(() => JSON.stringify(JSON.parse(text)));
}
