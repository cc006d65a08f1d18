import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { FieldError } from '../../author.ts';
import { compileSchema } from '../../schema/compile-schema.ts';
import { withDefaults } from '../../schema/defaults.ts';
import { parseExactly, rawNumber } from '../../schema/exact-json.ts';
import { prune } from '../../schema/prune.ts';
import type { StructuralSchema } from '../../schema/structural-schema.ts';
import { asFloat, heldAs } from '../../schema/values.ts';

/** A line of kube-1.36.jsonl: what an API server 1.36.2 said of a spec under a schema. */
interface Row {
  readonly schema: { readonly properties: { readonly spec: StructuralSchema } };
  readonly spec: unknown;
  readonly accepted: boolean;
  readonly stored?: unknown;
  readonly causes?: readonly FieldError[];
}

const recorded = process.env.CRD_VALIDATION ?? new URL('kube-1.36.jsonl', import.meta.url);
const lines = readFileSync(recorded, 'utf8').trimEnd().split('\n');

test('what an API server 1.36 said of specs under schemas, we say too, cause by cause, and store what it stored', (t) => {
  const differences: string[] = [];
  const agreed = { verdicts: 0, causes: 0, stored: 0 };
  for (const [index, line] of lines.entries()) {
    const row = parseExactly(line) as Row;
    const { spec: schema } = (JSON.parse(line) as Row).schema.properties;
    const stored = withDefaults(schema, prune(schema, row.spec).value);
    const errors = compileSchema(schema)(stored, 'spec');
    const isSame = {
      verdicts: (errors.length === 0) === row.accepted,
      causes: sameTexts(errors, row.causes ?? []),
      stored: !row.accepted || same(stored, row.stored),
    };
    for (const what of ['verdicts', 'causes', 'stored'] as const) {
      if (isSame[what]) agreed[what] += 1;
      else
        differences.push(
          `line ${index + 1}, ${what}: ${line.slice(0, 600)}\nours: ${JSON.stringify({ errors, stored })}`,
        );
    }
  }
  for (const [what, count] of Object.entries(agreed)) t.diagnostic(`${what}: ${count} of ${lines.length} agree`);
  assert.deepEqual(differences, []);
});

function sameTexts(ours: readonly FieldError[], theirs: readonly FieldError[]): boolean {
  return JSON.stringify(texts(ours)) === JSON.stringify(texts(theirs));
}

/** The order of causes is the server's and not stable; what it says twice counts once. */
function texts(errors: readonly FieldError[]): string[] {
  return [...new Set(errors.map(({ field, reason, message }) => `${field}: ${reason}: ${message}`))].sort();
}

/** An API server stores `2.0` as `2`, and large integers digit by digit. */
function same(ours: unknown, theirs: unknown): boolean {
  return JSON.stringify(ours, stored) === JSON.stringify(theirs, stored);
}

function stored(_: string, value: unknown): unknown {
  if (heldAs(value) === 'float64') return asFloat(value);
  if (rawNumber(value) !== undefined) return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
