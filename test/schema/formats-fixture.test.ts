import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FORMATS, formatCheck } from '../../schema/formats.ts';
import type { StructuralSchema } from '../../schema/structural-schema.ts';

/** A line of kube-1.36.jsonl: what an API server 1.36.2 said of a spec under a schema. */
interface Row {
  readonly schema: { readonly properties: { readonly spec: StructuralSchema } };
  readonly spec: { readonly [field: string]: unknown };
  readonly causes?: readonly { readonly field: string }[];
}

const lines = readFileSync(new URL('kube-1.36.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

test('what an API server 1.36 said of the texts of formats, each check says too', (t) => {
  const compared = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    const { schema, spec, causes = [] }: Row = JSON.parse(line);
    for (const [name, { type, format }] of Object.entries(schema.properties.spec.properties ?? {})) {
      const text = spec[name];
      if (type !== 'string' || format === undefined || typeof text !== 'string') continue;
      const isTaken = causes.every(({ field }) => field !== `spec.${name}`);
      assert.equal(
        formatCheck(format)?.(text) ?? true,
        isTaken,
        `line ${index + 1}: ${format} ${JSON.stringify(text)}`,
      );
      compared.set(format, (compared.get(format) ?? 0) + 1);
    }
  }
  const total = [...compared.values()].reduce((sum, times) => sum + times, 0);
  t.diagnostic(`agreed: ${total} texts of ${compared.size} formats`);
  assert.ok(total >= 130, `only ${total} texts were compared`);
  const unseen = Object.keys(FORMATS).filter((format) => !compared.has(format));
  assert.deepEqual(
    unseen.filter((format) => !/^(k8s|date-time$|bson)/.test(format)),
    [],
  );
});
