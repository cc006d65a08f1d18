/** A log that keeps what it is told, for a test to read. */
export function keptLog() {
  const lines: string[] = [];
  const keep = (_: unknown, message?: string) => void lines.push(message ?? '');
  return { lines, info: keep, warn: keep, error: keep };
}
