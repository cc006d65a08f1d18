import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A command line of Portcullis that runs in a process of its own, and writes where this one does. */
export interface ChildRun {
  /** Whether it has ended by itself. */
  readonly isDone: boolean;
  /** When it has ended: whether by itself. */
  readonly done: Promise<boolean>;
  /** Ends it, whatever it is doing: a rule may never come back. */
  stop(): Promise<unknown>;
}

/** Begins it: rules are loaded anew in a new process alone, since Node forgets no module. */
export function childRun(args: readonly string[]): ChildRun {
  const program = process.argv[1] ?? '';
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  let isStopped = false;
  let isDone = false;
  const done = once(child, 'exit').then(() => {
    isDone = !isStopped;
    return isDone;
  });
  return {
    get isDone() {
      return isDone;
    },
    done,
    stop() {
      isStopped = true;
      child.kill('SIGKILL');
      return done;
    },
  };
}
