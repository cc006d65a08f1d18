/** What was measured: how long one time takes, and what else there is to say of it. */
export interface Line {
  readonly what: string;
  /** CPU time of one time, in microseconds. */
  readonly microseconds: number;
  /** The same in words that compare, such as "0.3 of JSON.parse". */
  readonly beside: string;
}

/** The lines of one part of the benchmark, under its name. */
export interface Table {
  readonly name: string;
  readonly lines: readonly Line[];
}

/** What servers were measured at: a line for each review and each of them. */
export interface ServingTable {
  readonly name: string;
  readonly served: readonly ServedLine[];
}

/** One server's figures for one review, or for several that are sent in turn. */
export interface ServedLine {
  readonly what: string;
  /** Who answered: `bare`, `portcullis`, `isolated`, `peer` … */
  readonly by: string;
  /** Of the review, or of all in a turn. */
  readonly bytes: number;
  readonly reviews: number;
  /** Undefined where it did not answer as it should; then it is told what it did. */
  readonly figures: ServingFigures | undefined;
  readonly fault?: string | undefined;
  /** Its reviews a second, of those of the bare server in the same run. */
  readonly ofBare: number | undefined;
  /** What a review costs, of what it costs where one rule is loaded. */
  readonly ofOneRule?: number | undefined;
}

/** Times in milliseconds. */
export interface ServingFigures {
  /** Reviews answered in a second. */
  readonly perSecond: number;
  /** CPU time of the server and its workers for one of them; undefined where the system does not tell. */
  readonly cpuMs: number | undefined;
  /** How many cores the server kept busy; where it is less than the one that it has, whoever asked was the limit. */
  readonly cores: number | undefined;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/** What servers were started for: a line for each way to start one. */
export interface StartTable {
  readonly name: string;
  readonly starts: readonly StartLine[];
  /** How many were answered before memory was looked at again. */
  readonly reviews: number;
  /** What could not be started here, and why. */
  readonly leftOut: readonly string[];
}

/** The median of several starts, and the memory of the last; undefined where the system does not tell. */
export interface StartLine {
  readonly what: string;
  readonly readyMs: number;
  /** Beside the start of the bare server. */
  readonly ofBare: number;
  readonly atFirst?: Resident | undefined;
  readonly afterReviews?: Resident | undefined;
}

/** Resident memory in bytes, of a server and of its workers together. */
export interface Resident {
  readonly own: number;
  readonly workers: number;
}

/** What a part of the benchmark gives. */
export type AnyTable = Table | ServingTable | StartTable;

/** A table as text. */
export function printed(table: AnyTable): string {
  if ('served' in table) return printedServing(table);
  if ('starts' in table) return printedStarts(table);
  const rows = table.lines.map(({ what, microseconds, beside }) => [
    what,
    duration(microseconds),
    rate(microseconds),
    beside,
  ]);
  return inColumns([[table.name, 'each', 'a second', 'beside'], ...rows]);
}

function printedServing({ name, served }: ServingTable): string {
  const rows = served.flatMap((line, at) => {
    const { what, bytes, by } = line;
    const isFirst = served[at - 1]?.what !== what;
    return [
      ...(isFirst ? [[`${what}: ${size(bytes)}`, '', '', '', '', '', '']] : []),
      [`  ${by}`, ...servedCells(line)],
    ];
  });
  return inColumns([[name, 'a second', 'CPU', 'p50', 'p99', 'p99.9', 'beside'], ...rows]);
}

function servedCells({ figures, ofBare, ofOneRule, fault, by }: ServedLine): string[] {
  if (figures === undefined) return ['', '', '', '', '', fault ?? ''];
  const { perSecond, cpuMs, cores, p50, p99, p999 } = figures;
  const beside = [
    ofBare === undefined || by === 'bare' ? '' : `${share(ofBare)} of bare`,
    ofOneRule === undefined ? '' : `${share(ofOneRule)} × the cost of one rule`,
    cores === undefined || cores >= BUSY ? '' : `${Math.round(100 * cores)} % busy`,
  ];
  const told = beside.filter((text) => text !== '').join(', ');
  return [count(perSecond), ...[cpuMs, p50, p99, p999].map(milliseconds), told];
}

/** A server that is less busy could have done more: whoever asked, or others on its core, were the limit. */
const BUSY = 0.9;

function printedStarts({ name, starts, reviews, leftOut }: StartTable): string {
  const rows = starts.map(({ what, readyMs, ofBare, atFirst, afterReviews }) => [
    what,
    milliseconds(readyMs),
    resident(atFirst),
    resident(afterReviews),
    what === 'bare' ? '' : `${share(ofBare)} × bare`,
  ]);
  const head = [name, 'ready after', 'resident', `after ${count(reviews)} reviews`, 'beside'];
  return `${inColumns([head, ...rows])}${leftOut.map((what) => `left out: ${what}\n`).join('')}`;
}

function resident(memory: Resident | undefined): string {
  if (memory === undefined) return '';
  const { own, workers } = memory;
  return workers === 0 ? megabytes(own) : `${megabytes(own)}, workers ${megabytes(workers)}`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '' : `${value < 1000 ? value.toPrecision(3) : Math.round(value)} ms`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function share(value: number): string {
  return value.toPrecision(2);
}

/** Rows as text, in columns as wide as they need to be; the first and the last are words. */
export function inColumns(rows: readonly (readonly string[])[]): string {
  const last = (rows[0]?.length ?? 1) - 1;
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const cells = (row: readonly string[]) =>
    row.map((cell, at) => (at === 0 || at === last ? cell.padEnd(width(at)) : cell.padStart(width(at))));
  return rows.map((row) => `${cells(row).join('  ').trimEnd()}\n`).join('');
}

function duration(microseconds: number): string {
  return microseconds < 1000 ? `${microseconds.toPrecision(3)} µs` : `${(microseconds / 1000).toPrecision(3)} ms`;
}

function rate(microseconds: number): string {
  return Number((1e6 / microseconds).toPrecision(3)).toLocaleString('en');
}
