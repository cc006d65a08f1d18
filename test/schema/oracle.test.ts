import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { FieldError } from '../../author.ts';
import type { StructuralSchema } from '../../schema/structural-schema.ts';
import { oracle } from './oracle.ts';
import { oracleDefaults, oraclePrune } from './oracle-structure.ts';

/** A line of kube-1.36.jsonl: what an API server 1.36.2 said of a spec under a schema. */
interface Row {
  readonly schema: { readonly properties: { readonly spec: StructuralSchema } };
  readonly spec: unknown;
  readonly accepted: boolean;
  readonly stored?: unknown;
  readonly causes?: readonly FieldError[];
}

const lines = readFileSync(new URL('kube-1.36.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

/** What JSON.parse leaves no trace of, and Go decodes to something else: 1.0 beside 1, and 2^63-1. */
const UNSEEN = ['[1, 1.0]', '9223372036854775807'];

test('the oracle says of every recorded spec what the API server said, and stores what it stored', (t) => {
  const seen = lines.filter((line) => !UNSEEN.some((text) => line.includes(text)));
  const differing = seen.flatMap((line) => {
    const row: Row = JSON.parse(line);
    const schema: StructuralSchema = { type: 'object', properties: row.schema.properties };
    const { value } = oraclePrune(schema, oracleDefaults(schema, { spec: row.spec }));
    const { spec } = value as { spec: unknown };
    const said = texts(oracle(schema, value, ''));
    const recorded = texts(row.causes ?? []);
    if (isDeepStrictEqual(said, recorded) && (!row.accepted || isDeepStrictEqual(spec, row.stored))) return [];
    return [{ schema, said, recorded, spec, stored: row.stored }];
  });
  assert.deepEqual(differing, []);
  t.diagnostic(`agreed: ${seen.length} of ${lines.length}`);
  assert.equal(seen.length, lines.length - 3);
});

function texts(errors: readonly FieldError[]): string[] {
  return [...new Set(errors.map(({ field, reason, message }) => `${field}: ${reason}: ${message}`))].sort();
}
