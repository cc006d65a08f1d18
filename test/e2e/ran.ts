import { execFile } from 'node:child_process';

/** What a program that ran to its end had to say. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What else it is given. */
export interface Input {
  /** Its standard input; empty unless said. */
  readonly input?: string;
}

/**
 * Runs a program to its end and gives its exit code and words, whatever the code. Rejects when it cannot be executed or
 * takes more than 60 s.
 */
export function ran(
  command: string,
  args: readonly string[],
  env: { readonly [name: string]: string | undefined },
  { input = '' }: Input = {},
): Promise<Outcome> {
  const limits = { timeout: 60_000, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { ...limits, env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, stdout, stderr });
      else reject(new Error(`${command} ${args.join(' ')} did not run to its end: ${stderr}`, { cause: error }));
    });
    // A program that ends before it has read everything says why by its exit code.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}
