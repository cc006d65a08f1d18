import { cpus, totalmem } from 'node:os';
import { measure } from './measure.ts';
import { isPinned } from './serving/server-process.ts';
import type { ServingTable, Table } from './table.ts';

/** The results of a run, to be kept and compared. */
export interface Results {
  readonly version: 1;
  readonly machine: { readonly [fact: string]: string | number | boolean };
  readonly parts: readonly {
    readonly name: string;
    readonly lines: readonly ResultLine[];
    readonly [fact: string]: unknown;
  }[];
}

/** A line, and what two runs may be compared by. */
interface ResultLine {
  readonly what: string;
  /**
   * What it costs beside something else that was measured in the same run: of servers their CPU time beside the bare
   * one's, of the rest beside a constant piece of work. Larger is slower.
   */
  readonly cost: number;
  readonly [figure: string]: unknown;
}

/** Sums up a run, and describes the machine. */
export function resultsOf(tables: readonly (Table | ServingTable)[]): Results {
  const [{ model = 'unknown' } = {}] = cpus();
  const work = constantWork();
  return {
    version: 1,
    machine: {
      cpu: model,
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      system: `${process.platform} ${process.arch}`,
      node: process.version,
      serverHasItsOwnCore: isPinned,
    },
    parts: tables.map((table) =>
      'readyMs' in table
        ? { ...table, lines: table.lines.map((line) => ({ ...line, cost: servingCost(line) })) }
        : { ...table, lines: table.lines.map((line) => ({ ...line, cost: line.microseconds / work })) },
    ),
  };
}

/** The lines of `now` that cost more than `threshold` times what they did, in words. Lines that are new are none. */
export function slower(old: Results, now: Results, threshold: number): string[] {
  const before = new Map(
    old.parts.flatMap(({ name, lines }) => lines.map(({ what, cost }) => [`${name}: ${what}`, cost])),
  );
  return now.parts.flatMap(({ name, lines }) =>
    lines.flatMap(({ what, cost }) => {
      const ratio = cost / (before.get(`${name}: ${what}`) ?? Number.POSITIVE_INFINITY);
      return ratio > threshold ? [`${name}: ${what}: ${ratio.toFixed(2)} × what it cost`] : [];
    }),
  );
}

function servingCost({ bare, portcullis }: ServingTable['lines'][number]): number {
  const isKnown = bare.cpuMs !== undefined && portcullis.cpuMs !== undefined && bare.cpuMs > 0;
  return isKnown ? (portcullis.cpuMs ?? 0) / (bare.cpuMs ?? 1) : bare.perSecond / portcullis.perSecond;
}

/** Microseconds that a piece of work takes which never changes: it stands for how fast the machine is today. */
function constantWork(): number {
  const text = JSON.stringify(
    Array.from({ length: 200 }, (_, i) => ({ name: `name-${i}`, values: [i, String(i), null] })),
  );
  return measure(() => JSON.stringify(JSON.parse(text)));
}
