/** What became of CAs that sign no more. */
export interface RotationRecord {
  /** Still trusted, until the last certificate that they signed has ended; by their SHA-256. */
  readonly old: ReadonlyMap<string, Date>;
  /** No longer trusted, and not to be trusted again unasked: SHA-256s, the newest first. */
  readonly gone: readonly string[];
}

/** More are remembered of nobody: a bundle that trusts a CA from before is very old. */
const MOST_GONE = 20;

/**
 * Reads the Secret's `rotation.json`: `{ "old": [{ "sha256", "until" }], "gone": ["sha256"] }`. What is not of that form is
 * left out: then a CA is trusted for longer than it must be, and no review is lost.
 */
export function readRotation(text: string): RotationRecord {
  const { old, gone } = parsed(text);
  return {
    old: new Map(
      list(old).flatMap((one) => {
        const { sha256, until } = (one ?? {}) as { sha256?: unknown; until?: unknown };
        const date = new Date(typeof until === 'string' ? until : Number.NaN);
        return isSha256(sha256) && !Number.isNaN(date.getTime()) ? [[sha256, date] as const] : [];
      }),
    ),
    gone: list(gone).filter(isSha256),
  };
}

/** The same as text; of what is gone, the newest alone. */
export function writtenRotation({ old, gone }: RotationRecord): string {
  return JSON.stringify({
    old: [...old].map(([sha256, until]) => ({ sha256, until: until.toISOString() })),
    gone: gone.slice(0, MOST_GONE),
  });
}

function parsed(text: string): { old?: unknown; gone?: unknown } {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isSha256(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}
