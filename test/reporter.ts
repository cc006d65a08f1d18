import { relative } from 'node:path';
import { inspect } from 'node:util';

interface TestEvent {
  readonly type: string;
  readonly data: {
    readonly name: string;
    readonly file?: string;
    readonly line?: number;
    readonly message: string;
    readonly skip?: string | boolean;
    readonly success?: boolean;
    readonly duration_ms?: number;
    readonly counts?: { readonly tests: number; readonly skipped: number };
    readonly details?: { readonly error?: Error & { readonly cause?: unknown; readonly failureType?: string } };
  };
}

/**
 * A line a file, since two thousand would hide the one that matters; failures in full, skips with their reason, and what
 * the tests and Node's runner say for the record: seeds, counts.
 */
// biome-ignore lint/style/noDefaultExport: Node takes a reporter by its default export
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type === 'test:fail' && data.details?.error?.failureType !== 'subtestsFailed') yield failure(data);
    else if (type === 'test:pass' && typeof data.skip === 'string') yield `﹣ skipped: ${data.name}: ${data.skip}\n`;
    else if (type === 'test:diagnostic') yield `ℹ ${data.message}\n`;
    else if (type === 'test:summary' && data.file !== undefined) yield summary(data);
    else if (type === 'test:stderr') yield data.message;
  }
}

function summary({ file = '', success, counts, duration_ms = 0 }: TestEvent['data']): string {
  const mark = success ? '✔' : '✖';
  return `${mark} ${relative(process.cwd(), file)} (${counts?.tests ?? 0} tests, ${(duration_ms / 1000).toFixed(1)} s)\n`;
}

function failure({ name, file = '', line, details }: TestEvent['data']): string {
  const error = details?.error?.cause ?? details?.error;
  const reason = error instanceof Error ? (error.stack ?? error.message) : inspect(error);
  return `✖ ${name}\n  ${relative(process.cwd(), file)}:${line ?? ''}\n  ${reason.replaceAll('\n', '\n  ')}\n`;
}
