import { resolve } from 'node:path';
import { configFrom } from './config.ts';
import { untilSignal } from './end.ts';
import { readable } from './faults.ts';
import { type Flags, type Given, UsageError } from './usage.ts';
import { createAlarm } from './watch/alarm.ts';
import { type ChildRun, childRun } from './watch/child-run.ts';
import { look, type Seen, type Watched } from './watch/seen.ts';
import { type Touched, touched } from './watch/touched.ts';

/** Whoever looks at a screen reads what is written before it is expected; files and thresholds are for one whole run. */
const NOT_WATCHED = ['update', 'output', 'coverage-threshold'];

/**
 * `portcullis replay --watch`: replays all cases, and from then on what a change touches, until SIGINT or SIGTERM. `flags`
 * are those of replay. Gives the exit code, which is 0; leaves no process behind.
 */
export async function watchReplay(given: Given, flags: Flags): Promise<number> {
  const other = NOT_WATCHED.find((flag) => given.flags[flag] !== undefined);
  if (other !== undefined) throw new UsageError(`--watch and --${other} do not go together: use one after the other`);
  const end = untilSignal();
  const alarm = createAlarm();
  const flagArgs = argsOf(given, flags);
  let watched = watchedBy(given, undefined);
  let seen = look(watched);
  let pending: Touched = { isAll: true, cases: new Set(), gone: [] };
  let run = begin(pending, seen);
  try {
    for (;;) {
      alarm.watch(seen.folders);
      await Promise.race([alarm.rung(), end.reached]);
      if (end.signal.aborted) break;
      watched = watchedBy(given, watched);
      const next = look(watched);
      const change = touched(seen, next);
      seen = next;
      for (const folder of change.gone) tell(`${readable(folder)} is no case any more`);
      if (!change.isAll && change.cases.size === 0) continue;
      // What was under way is as stale as what has changed.
      pending = run.isDone ? change : both(pending, change);
      await run.stop();
      run = begin(pending, seen);
    }
  } finally {
    alarm.close();
    await run.stop();
  }
  return 0;

  function begin({ isAll, cases }: Touched, { cases: there }: Seen): ChildRun {
    if (process.stdout.isTTY) process.stdout.write(CLEAR);
    const some = [...cases].filter((folder) => there.has(folder)).map(readable);
    const child = childRun(['replay', ...flagArgs, ...(isAll ? given.words : some)]);
    const cause = isAll ? 'all cases' : some.join(', ');
    child.done.then((isDone) => {
      if (isDone && !end.signal.aborted) tell(`replayed ${cause}; waiting for changes, until Ctrl-C`);
    });
    return child;
  }
}

/** Clears a terminal and what has been scrolled out of it (ECMA-48 ED and CUP; 3J is xterm's). */
const CLEAR = '\u001b[2J\u001b[3J\u001b[H';

/** The flags as they were given. */
function argsOf(given: Given, flags: Flags): string[] {
  return Object.entries(given.flags).flatMap(([name, values = []]) => {
    if (name === 'watch') return [];
    return values.map((value) => (flags[name]?.value === undefined ? `--${name}` : `--${name}=${value}`));
  });
}

/** While the configuration is broken, its rules are still those of before; the replay tells what is wrong with it. */
function watchedBy(given: Given, before: Watched | undefined): Watched {
  const paths = (given.words.length === 0 ? ['.'] : given.words).map((path) => resolve(path));
  const configFile = resolve(given.flags.config?.[0] ?? (process.env.PORTCULLIS_CONFIG || 'portcullis.yaml'));
  try {
    return { paths, configFile, ruleFolders: configFrom(given, process.env).ruleFolders };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { paths, configFile, ruleFolders: before?.ruleFolders ?? [] };
  }
}

function both(one: Touched, other: Touched): Touched {
  return { isAll: one.isAll || other.isAll, cases: one.cases.union(other.cases), gone: other.gone };
}

function tell(text: string): void {
  process.stderr.write(`portcullis: ${text}\n`);
}
