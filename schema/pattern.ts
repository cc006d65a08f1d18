import { RE2JS } from 're2js';

/** What ajv asks of a regular expression. */
export interface Pattern {
  test(text: string): boolean;
  toString(): string;
}

/**
 * Compiles a pattern as the API server does: RE2, unanchored, in linear time whatever the pattern. Throws an Error
 * that begins with `path` for a pattern that RE2 refuses. The text of what it returns is the pattern, by which ajv
 * tells patterns apart.
 */
export function compilePattern(pattern: string, path = 'pattern'): Pattern {
  try {
    const expression = RE2JS.compile(pattern);
    return { test: (text) => expression.matcher(text).find(), toString: () => pattern };
  } catch (error) {
    throw new Error(`${path}: ${pattern} is no RE2 expression: ${error instanceof Error ? error.message : error}`);
  }
}
