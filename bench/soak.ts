import { existsSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { brokenBounds } from './soak/bounds.ts';
import { soak } from './soak/soak.ts';
import { toldResults, toldSample } from './soak/told.ts';

const USAGE = `npm run soak [-- FLAGS]: half of what the server can do for minutes, ten times that for a minute, and half
again. Memory has to be flat, nothing may be left behind, and every answer has to be a proper one. Exits with 1, and a
sentence for each bound that was broken. On a machine that others use, latencies are theirs as well.
  --minutes N           at half of capacity (default: 10)
  --overload-seconds N  at ten times the capacity (default: 60)
  --json FILE           write the results, with a sample for each second
`;

/**
 * By default an API server handles 600 requests at a time (--max-requests-inflight and its mutating kind); three of them,
 * each at its limit, with every request at a webhook. Twice what webhook/limits.ts lets in.
 */
const MOST_CONNECTIONS = 2000;
/** Samples are a second apart. */
const SAMPLES_A_LINE = 15;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean' },
    minutes: { type: 'string', default: '10' },
    'overload-seconds': { type: 'string', default: '60' },
    json: { type: 'string' },
  },
});
process.exitCode = values.help ? told(USAGE) : await run();

async function run(): Promise<number> {
  const minutes = Number(values.minutes);
  const overloadSeconds = Number(values['overload-seconds']);
  if (!(minutes > 0) || !(overloadSeconds > 0)) return told(USAGE, 2);
  if (!existsSync('/proc/self/fd')) return told('the soak looks into /proc, as Linux has it, and there is none\n', 2);
  let samples = 0;
  const results = await soak({
    minutes,
    overloadSeconds,
    hasOwnCore: true,
    mostConnections: MOST_CONNECTIONS,
    say: (line) => told(`${line}\n`),
    onSample: (sample) => samples++ % SAMPLES_A_LINE === 0 && told(`${toldSample(sample)}\n`),
  });
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
  told(`\n${toldResults(results).join('\n')}\n`);
  const broken = brokenBounds(results);
  for (const bound of broken) process.stderr.write(`broken: ${bound}\n`);
  return broken.length > 0 ? 1 : 0;
}

function told(text: string, code = 0): number {
  (code === 0 ? process.stdout : process.stderr).write(text);
  return code;
}
