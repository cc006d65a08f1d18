import { relative } from 'node:path';
import { findCases } from '../replay/find-cases.ts';
import { textReport } from '../replay/reports/text.ts';
import { run } from '../replay/run.ts';
import { updateExpected } from '../replay/update.ts';
import { FileFault } from '../replay/yaml-file.ts';
import { configFrom } from './config.ts';
import { CONFIG_FLAGS } from './config-flags.ts';
import { readable } from './faults.ts';
import { replayContext } from './replay-context.ts';
import { type Flags, helpText, parseFlags, UsageError } from './usage.ts';

const USAGE = 'portcullis replay [PATH…] [FLAGS]';
const STORY = `Sends the cases below these folders (default: this one) the whole way that an API server would send
them, through the rules in force, and compares what comes with what they expect. No cluster is asked.
Exit codes: 0 all is as expected, 1 something is not, 2 something could not be loaded, 3 there are no cases.`;

const { config, rules, namespace } = CONFIG_FLAGS as { [flag: string]: (typeof CONFIG_FLAGS)[string] };
const FLAGS: Flags = {
  ...(config === undefined ? {} : { config }),
  ...(rules === undefined ? {} : { rules }),
  ...(namespace === undefined ? {} : { namespace }),
  update: { does: 'write what came as what is expected, to be read before it is committed' },
  verbose: { does: 'tell of each case what each rule decided, and why' },
};

/** `portcullis replay`. Gives the exit code. */
export async function replay(args: readonly string[]): Promise<number> {
  const given = parseFlags(args, FLAGS);
  if (given.flags.help) {
    process.stdout.write(helpText(USAGE, STORY, FLAGS));
    return 0;
  }
  const context = await replayContext(configFrom(given, process.env));
  let folders: string[];
  try {
    folders = findCases(given.words.length === 0 ? ['.'] : given.words, readable);
  } catch (error) {
    if (error instanceof FileFault) throw new UsageError(error.message);
    throw error;
  }
  if (folders.length === 0) {
    process.stderr.write(`portcullis: there are no cases below ${given.words.join(', ') || relative('..', '.')}\n`);
    return 3;
  }
  const result = await run(folders, context);
  if (given.flags.update) updateExpected(result.cases, readable);
  process.stdout.write(textReport(result, { isVerbose: given.flags.verbose !== undefined, shown: readable }));
  if (result.cases.some(({ outcome }) => outcome === 'broken')) return 2;
  return result.cases.some(({ outcome }) => outcome === 'failed') && !given.flags.update ? 1 : 0;
}
