import { writeFileSync } from 'node:fs';
import { machine } from './machine.ts';
import { type Options, optionsFrom } from './options.ts';
import { hottest } from './profile.ts';
import { compared, type Results, resultsOf } from './results.ts';
import { FULL, QUICK } from './serving/pace.ts';
import { reachedPeer } from './serving/peer.ts';
import type { ServingOptions } from './serving/serving.ts';
import { type AnyTable, printed } from './table.ts';
import { printedTargets, targets } from './targets.ts';

const USAGE = `npm run bench [-- FLAGS]: what it costs, a table a part, and what of it is promised. Compare what is beside
each other in one run, never the figures of two: machines differ, and days do.
  --part NAME       serving, rules, start, injection, replay or schema alone; may be repeated
  --only TEXT       of the part serving, the reviews whose name has this in it
  --quick           so short that the figures say nothing: to see that all of it works
  --peer URL        another webhook server, asked what Portcullis is, at this origin (or at this path)
  --profile FOLDER  leave a CPU profile of each Portcullis there (parts serving and rules), and say what takes its time
  --json FILE       write the results, with the machine's description
  --results FILE    print and compare these results of an earlier run instead of measuring
  --compare FILE    exit with 4 where a line has become slower, in ratios within each run, by more than
  --threshold RATIO (default: 1.3)
`;

/** Each is imported when it is asked for: what one needs, no other waits for. */
const PARTS: { readonly [part: string]: (options: ServingOptions) => Promise<AnyTable> } = {
  serving: async (options) => (await import('./serving/serving.ts')).servingTable(options),
  rules: async (options) => (await import('./serving/many-rules.ts')).manyRulesTable(options),
  start: async (options) => (await import('./serving/starts.ts')).startsTable(options),
  injection: async () => (await import('./injection.ts')).injectionTable(),
  replay: async () => (await import('./replay.ts')).replayTable(),
  schema: async () => (await import('./schema.ts')).schemaTable(),
};

// Servers end with this process, which then has to end in good order.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
process.exitCode = await bench(process.argv.slice(2));

async function bench(args: readonly string[]): Promise<number> {
  let options: Options;
  let serving: ServingOptions;
  try {
    options = optionsFrom(args, Object.keys(PARTS));
    const { isQuick, only, profile, peer } = options;
    serving = { pace: isQuick ? QUICK : FULL, only, profile, peer: peer && (await reachedPeer(peer)) };
  } catch (error) {
    process.stderr.write(
      `${error instanceof Error ? error.message : error}\nnpm run bench -- --help says what there is.\n`,
    );
    return 2;
  }
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { json, compare, threshold, profile } = options;
  const results = options.results ?? (await measured(options, serving));
  if (options.results !== undefined) for (const table of results.tables) tell(`${printed(table)}\n`);
  tell(printedTargets(targets(results.tables)));
  if (profile !== undefined) tell(hottest(profile));
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
  if (compare === undefined) return 0;
  const { slower, gone } = compared(compare, results, threshold);
  for (const line of gone) process.stderr.write(`gone: ${line}\n`);
  for (const line of slower) process.stderr.write(`slower: ${line}\n`);
  return slower.length > 0 ? 4 : 0;
}

async function measured({ parts }: Options, serving: ServingOptions): Promise<Results> {
  const here = machine();
  const tables: AnyTable[] = [];
  for (const part of parts) {
    const table = await PARTS[part]?.(serving);
    if (table === undefined) continue;
    tell(`${printed(table)}\n`);
    tables.push(table);
  }
  return resultsOf(tables, here);
}

function tell(text: string): void {
  process.stdout.write(text);
}
