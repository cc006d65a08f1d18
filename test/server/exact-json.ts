/**
 * Parses JSON so that JSON.stringify gives every number back as it was written: `9007199254740993` and `1.0` survive,
 * as they do in an API server. Numbers are raw JSON objects meanwhile.
 */
export function parseExact(text: string): unknown {
  return parse(text, (_key, value, { source }) => (typeof value === 'number' ? rawJSON(source ?? '') : value));
}

// TypeScript's library does not know these two yet (ECMAScript's JSON.parse source text access, in V8 since Node 22).
const { parse, rawJSON } = JSON as unknown as {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): unknown;
};
