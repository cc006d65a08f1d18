import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** What to start, and where. */
export interface Invocation {
  /** What messages and the log file call it. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** A temporary folder of the test's: holds the log, and is removed with all it contains if this process dies. */
  readonly folder: string;
  /** The working folder; `folder` unless said. */
  readonly cwd?: string;
  /** The whole environment: nothing is inherited, so that no test ever meets the developer's own cluster. */
  readonly env: { readonly [name: string]: string | undefined };
}

/** A running program that cannot outlive this process. */
export interface Program {
  readonly name: string;
  readonly pid: number;
  /** Aborted when the program ends although nobody called `stop`; the reason is an error with the log's last lines. */
  readonly failed: AbortSignal;
  /** All that it has written so far, on both streams; also after its end. */
  log(): string;
  /**
   * Sends the signal (SIGTERM unless said), after `graceMs` (5,000 unless said) SIGKILL, and waits for the end. Gives
   * the exit code, null when a signal ended it; at once if it has ended already.
   */
  stop(signal?: NodeJS.Signals, graceMs?: number): Promise<number | null>;
}

/** Starts a program that dies with this process, however that one ends; rejects if it cannot be executed. */
export async function startProgram({ name, command, args, folder, cwd = folder, env }: Invocation): Promise<Program> {
  // A file, not a pipe: a test that keeps this process busy must not stall the program under test.
  const log = openSync(join(folder, `${name}.log`), 'a+');
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', log, log] });
  const ended = Promise.withResolvers<number | null>();
  const failed = new AbortController();
  let asked = false;
  let lastWords: string | undefined;
  child.once('exit', (code, signal) => {
    lastWords = written(log);
    closeSync(log);
    ended.resolve(code);
    if (!asked) failed.abort(new Error(`${name} ended with ${signal ?? `code ${code}`}; ${endOfLog(name, lastWords)}`));
  });
  const { pid } = child;
  if (pid === undefined) {
    closeSync(log);
    throw (await once(child, 'error'))[0];
  }
  leash(child, pid, folder);
  // A test that forgets stop() must still come to its end; the leash does the rest.
  child.unref();
  return { name, pid, failed: failed.signal, log: () => lastWords ?? written(log), stop };

  async function stop(signal: NodeJS.Signals = 'SIGTERM', graceMs = 5_000): Promise<number | null> {
    asked = true;
    child.ref();
    child.kill(signal);
    const force = setTimeout(() => child.kill('SIGKILL'), graceMs);
    return ended.promise.finally(() => clearTimeout(force));
  }
}

/** The last 40 lines, introduced by whose they are. */
export function endOfLog(name: string, log: string): string {
  return `the end of ${name}'s log:\n${log.trimEnd().split('\n').slice(-40).join('\n')}`;
}

/** By the open file, which can be read although a test has removed the folder. */
function written(file: number): string {
  const bytes = Buffer.alloc(fstatSync(file).size);
  return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, 0));
}

/**
 * A shell that waits for the end of a pipe which this process alone holds open: it notices any death of ours, SIGKILL
 * and a crash of the runtime among them, where no handler of our own would run. It lives as long as the program, so
 * that it cannot hit a stranger who got the number later.
 */
function leash(child: ChildProcess, pid: number, folder: string): void {
  const script = 'read -r nothing; kill -9 "$1"; rm -rf "$2"';
  // Detached: Ctrl-C goes to the whole process group of the terminal, and would cut the leash before it is needed.
  const holder = spawn('/bin/sh', ['-c', script, 'leash', `${pid}`, folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  holder.unref();
  child.once('exit', () => holder.kill('SIGKILL'));
}
