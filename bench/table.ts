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

/** A table as text, in columns as wide as they need to be. */
export function printed({ name, lines }: Table): string {
  const rows = [
    [name, 'each', 'a second', 'beside'],
    ...lines.map(({ what, microseconds, beside }) => [what, duration(microseconds), rate(microseconds), beside]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const padded = rows.map((row) =>
    row.map((cell, column) =>
      column === 1 || column === 2 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    ),
  );
  return padded.map((row) => `${row.join('  ').trimEnd()}\n`).join('');
}

function duration(microseconds: number): string {
  return microseconds < 1000 ? `${microseconds.toPrecision(3)} µs` : `${(microseconds / 1000).toPrecision(3)} ms`;
}

function rate(microseconds: number): string {
  return Number((1e6 / microseconds).toPrecision(3)).toLocaleString('en');
}
