import { resolve } from 'node:path';
import { findCases } from '../replay/find-cases.ts';
import { updateExpected } from '../replay/update.ts';
import { FileFault } from '../replay/yaml-file.ts';
import { configFrom } from './config.ts';
import { CONFIG_FLAGS } from './config-flags.ts';
import { readable } from './faults.ts';
import { KUBE_VERSION_FLAG, versionGiven } from './kube-version-flag.ts';
import { ownCommand } from './own-command.ts';
import { replayContext } from './replay-context.ts';
import { exitCode, OUTPUT_FLAGS, outputOf, printReport } from './replay-output.ts';
import { timedRun } from './replay-run.ts';
import { type Flags, helpText, parseFlags, UsageError } from './usage.ts';
import { watchReplay } from './watch.ts';

const USAGE = 'portcullis replay [PATH…] [FLAGS]';
const STORY = `Sends the cases below these folders (default: this one) the whole way that an API server would send
them, through the rules in force, and compares what comes with what they expect. No cluster is asked.
Exit codes: 0 all is as expected, 1 something is not, 2 something could not be loaded, 3 there are no cases,
4 less is covered than --coverage-threshold says. Standard output carries one format and nothing else.`;

const { config, rules, namespace } = CONFIG_FLAGS as { [flag: string]: (typeof CONFIG_FLAGS)[string] };
const FLAGS: Flags = {
  ...(config === undefined ? {} : { config }),
  ...(rules === undefined ? {} : { rules }),
  ...(namespace === undefined ? {} : { namespace }),
  ...KUBE_VERSION_FLAG,
  update: { does: 'write what came as what is expected, to be read before it is committed' },
  watch: { does: 'replay again what a change touches, until Ctrl-C' },
  ...OUTPUT_FLAGS,
};

/** `portcullis replay`. Gives the exit code. */
export async function replay(args: readonly string[]): Promise<number> {
  const given = parseFlags(args, FLAGS);
  if (given.flags.help) {
    process.stdout.write(helpText(USAGE, STORY, FLAGS));
    return 0;
  }
  const output = outputOf(given);
  const kubeVersion = versionGiven(given);
  if (given.flags.watch) return watchReplay(given, FLAGS);
  const context = await replayContext(configFrom(given, process.env), kubeVersion);
  const folders = asUsage(() => findCases(given.words.length === 0 ? ['.'] : given.words, readable));
  if (folders.length === 0) {
    process.stderr.write(`portcullis: ${noCases(given.words)}\n`);
    return 3;
  }
  let done = await timedRun(folders, context);
  if (given.flags.update) {
    const { cases } = done.result;
    const written = asUsage(() => updateExpected(cases, readable));
    for (const file of written) process.stderr.write(`wrote ${file}\n`);
    // What was written is not all that can be wrong with a case.
    if (written.length > 0) done = await timedRun(folders, context);
  }
  const isPart = given.words.some((path) => folders.includes(resolve(path)));
  printReport(done.result, { ...output, report: { ...output.report, isPart } }, done.times);
  return exitCode(done.result, output);
}

/** What is wrong with a file or a folder as such is for the user to mend. */
function asUsage<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof FileFault) throw new UsageError(error.message);
    throw error;
  }
}

function noCases(paths: readonly string[]): string {
  if (paths.length > 0) return `there are no cases below ${paths.join(', ')}`;
  const command = ownCommand();
  return `there are no cases here: "${command} new rule NAME" makes a rule with its first, "${command} replay FOLDER" replays others`;
}
