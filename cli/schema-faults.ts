import type { ErrorObject } from 'ajv';

/** What is wrong at one place of a configuration: where (member names, indexes), and a sentence. */
export interface SchemaFault {
  readonly path: readonly string[];
  readonly fault: string;
}

/** Says ajv's errors in the words of who wrote the configuration. Values are not repeated: they may be secrets. */
export function schemaFaults(errors: readonly ErrorObject[]): SchemaFault[] {
  return errors.map((error) => {
    const path = error.instancePath
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const params = error.params as { [name: string]: unknown };
    switch (error.keyword) {
      case 'additionalProperties': {
        const name = String(params.additionalProperty);
        return { path: [...path, name], fault: `unknown${nearest(name, knownOf(error))}` };
      }
      case 'required':
        return { path: [...path, String(params.missingProperty)], fault: 'is required' };
      case 'enum':
        return { path, fault: `must be one of ${(params.allowedValues as unknown[]).map(String).join(', ')}` };
      case 'type':
        return { path, fault: `must be ${withArticle(String(params.type))}` };
      default:
        return { path, fault: error.message ?? 'is wrong' };
    }
  });
}

function knownOf({ parentSchema }: ErrorObject): readonly string[] {
  const properties = (parentSchema as { properties?: object } | undefined)?.properties;
  return properties === undefined ? [] : Object.keys(properties);
}

/** What else it may have been meant to be. */
export function nearest(name: string, known: readonly string[]): string {
  const close = known.filter((other) => distance(name.toLowerCase(), other.toLowerCase()) <= 2);
  if (close.length > 0) return `; did you mean ${close.join(' or ')}?`;
  return known.length === 0 ? '' : `; known: ${known.join(', ')}`;
}

/** Levenshtein's. Names are short. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function withArticle(type: string): string {
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}
