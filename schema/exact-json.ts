/**
 * Parses JSON as JSON.parse does, but for numbers that a double changes or hides: integers beyond 2^53, and floats
 * that are whole (`1.0`, which the API server tells from `1`). They stay as texts in the platform's own form
 * (`JSON.rawJSON`), which JSON.stringify writes as they came. Throws JSON.parse's SyntaxError.
 */
export function parseExactly(text: string): unknown {
  return json.parse(text, (_, value, { source }) => {
    return typeof value === 'number' && !isTheSame(value, source ?? '') ? json.rawJSON(source ?? '') : value;
  });
}

/** The text of a number that `parseExactly` kept as a text; undefined for any other value. */
export function rawNumber(value: unknown): string | undefined {
  return json.isRawJSON(value) ? value.rawJSON : undefined;
}

/** A number that prints as this text, in whatever JSON it stands. */
export function printedAs(text: string): unknown {
  return json.rawJSON(text);
}

function isTheSame(value: number, source: string): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) && /^-?\d+$/.test(source) : true;
}

/** What Node 24 has and TypeScript's library does not know yet (ECMAScript's JSON.parse source text access). */
const json = JSON as unknown as {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): { readonly rawJSON: string };
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
};
