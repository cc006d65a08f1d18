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

/** What servers were measured at: each review with the bare server, with Portcullis, and with a peer where one is named. */
export interface ServingTable {
  readonly name: string;
  readonly lines: readonly {
    readonly what: string;
    readonly bytes: number;
    readonly bare: ServingFigures;
    readonly portcullis: ServingFigures;
    readonly peer: ServingFigures | undefined;
  }[];
  /** Of Portcullis with its built-in rules, without a cluster. */
  readonly readyMs: number;
  readonly residentBytes: number | undefined;
}

/** One server's figures for one review; times in milliseconds. */
export interface ServingFigures {
  readonly perSecond: number;
  /** CPU time of the server for one answer; undefined where the system does not tell. */
  readonly cpuMs: number | undefined;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/** A table as text. */
export function printed({ name, lines }: Table): string {
  return inColumns([
    [name, 'each', 'a second', 'beside'],
    ...lines.map(({ what, microseconds, beside }) => [what, duration(microseconds), rate(microseconds), beside]),
  ]);
}

/** The same of servers: what Portcullis takes, and of the bare server's throughput. */
export function printedServing({ name, lines, readyMs, residentBytes }: ServingTable): string {
  const rows = lines.flatMap(({ what, bare, portcullis, peer }) => [
    servingRow(what, portcullis, `${share(portcullis.perSecond / bare.perSecond)} of bare`),
    servingRow('  bare', bare, ''),
    ...(peer === undefined
      ? []
      : [servingRow('  peer', peer, `${share(portcullis.perSecond / peer.perSecond)} × its reviews`)]),
  ]);
  const memory = residentBytes === undefined ? '' : `, ${Math.round(residentBytes / 1e6)} MB resident`;
  const head = [name, 'a second', 'CPU', 'p50', 'p99', 'p99.9', ''];
  return `${inColumns([head, ...rows])}from its start to ready: ${Math.round(readyMs)} ms${memory}\n`;
}

function servingRow(what: string, { perSecond, cpuMs, p50, p99, p999 }: ServingFigures, beside: string): string[] {
  const ms = (value: number | undefined) => (value === undefined ? '' : `${value.toPrecision(3)} ms`);
  return [what, Math.round(perSecond).toLocaleString('en'), ms(cpuMs), ms(p50), ms(p99), ms(p999), beside];
}

function share(value: number): string {
  return value.toPrecision(2);
}

/** In columns as wide as they need to be; the first and the last are words. */
function inColumns(rows: readonly (readonly string[])[]): string {
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
