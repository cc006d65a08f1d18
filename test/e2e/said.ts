import type { Outcome } from './ran.ts';

/** What kubectl is expected to come to when it has done it: its standard output, and warnings if there are any. */
export function done(stdout: string, stderr = ''): Outcome {
  return { code: 0, stdout, stderr };
}

/** What kubectl is expected to come to when it could not: its standard error. */
export function refused(stderr: string): Outcome {
  return { code: 1, stdout: '', stderr };
}
