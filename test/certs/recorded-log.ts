import type { Log } from '../../certs/log.ts';

/** A log that a test can read. */
export interface RecordedLog extends Log {
  /** `level: message {detail as JSON}`, in the order of their writing. */
  readonly lines: string[];
}

/** A log that keeps its lines. */
export function recordedLog(): RecordedLog {
  const lines: string[] = [];
  const write = (level: string) => (detail: object, message: string) => {
    lines.push(`${level}: ${message} ${JSON.stringify(detail)}`);
  };
  return { lines, info: write('info'), warn: write('warn'), error: write('error') };
}
