import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { injectionTable } from './injection.ts';
import { replayTable } from './replay.ts';
import { type Results, resultsOf, slower } from './results.ts';
import { schemaTable } from './schema.ts';
import { servingTable } from './serving/serving.ts';
import { printed, printedServing, type ServingTable, type Table } from './table.ts';

const USAGE = `npm run bench [-- FLAGS]: what it costs, a table a part. Compare what is beside each other in one run, never
the figures of two: machines differ, and days do.
  --part NAME       serving, injection, replay or schema alone; may be repeated
  --peer URL        another webhook server, asked what Portcullis is, at this origin (or at this path)
  --json FILE       write the results, with the machine's description
  --compare FILE    exit with 4 where a line has become slower, in ratios within each run, by more than
  --threshold RATIO (default: 1.3)
`;

const PARTS: { readonly [part: string]: (peer?: string) => Promise<Table | ServingTable> } = {
  serving: servingTable,
  injection: injectionTable,
  replay: replayTable,
  schema: async () => schemaTable(),
};

const { values } = parseArgs({
  options: {
    help: { type: 'boolean' },
    part: { type: 'string', multiple: true },
    peer: { type: 'string' },
    json: { type: 'string' },
    compare: { type: 'string' },
    threshold: { type: 'string', default: '1.3' },
  },
});
process.exitCode = values.help ? told(USAGE) : await bench();

async function bench(): Promise<number> {
  const parts = values.part ?? Object.keys(PARTS);
  const unknown = parts.find((part) => !Object.hasOwn(PARTS, part));
  const threshold = Number(values.threshold);
  if (unknown !== undefined || !(threshold >= 1)) return told(USAGE, 2);
  const old = values.compare === undefined ? undefined : (JSON.parse(readFileSync(values.compare, 'utf8')) as Results);
  const tables: (Table | ServingTable)[] = [];
  for (const part of parts) {
    const table = await (PARTS[part] as (typeof PARTS)[string])(values.peer);
    told(`${'readyMs' in table ? printedServing(table) : printed(table)}\n`);
    tables.push(table);
  }
  const results = resultsOf(tables);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
  const worse = old === undefined ? [] : slower(old, results, threshold);
  for (const line of worse) process.stderr.write(`slower: ${line}\n`);
  return worse.length > 0 ? 4 : 0;
}

function told(text: string, code = 0): number {
  (code === 0 ? process.stdout : process.stderr).write(text);
  return code;
}
