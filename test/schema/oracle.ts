import type { FieldError } from '../../author.ts';
import type { StructuralSchema } from '../../schema/structural-schema.ts';
import { embeddedErrors } from './oracle-embedded.ts';
import { isAllowed, typesOf } from './oracle-kinds.ts';
import { listErrors } from './oracle-lists.ts';
import { numberErrors } from './oracle-numbers.ts';
import { formatErrors, keptFormat, stringErrors, typeError } from './oracle-strings.ts';
import { fieldOf, notSupported, plain, quote, required, tooMany, wrong } from './oracle-texts.ts';

/** What one validator of kube-openapi says: its errors, and how many checks passed (Result.MatchCount), which ranks branches. */
interface Judgement {
  readonly errors: readonly FieldError[];
  readonly matches: number;
}

/**
 * What an API server 1.36 says of a value under a structural schema, by a plain interpreter of kube-openapi's
 * pkg/validation/validate (the schema), and of apiextensions-apiserver's pkg/apiserver/schema/objectmeta (embedded
 * resources) and listtype (sets and maps). The implementation in schema/ shares nothing with it but the formats. Each error
 * is told once; their order means nothing. A number is what its text in JSON.stringify would be to Go: an int64 where
 * it is whole and fits, else a float64.
 */
export function oracle(schema: StructuralSchema, value: unknown, path: string): FieldError[] {
  const errors = [
    ...judge(schema, value, path).errors,
    ...embeddedErrors(schema, value, path),
    ...listErrors(schema, value, path),
  ];
  return [...new Map(errors.map((error) => [`${error.field}: ${error.reason}: ${error.message}`, error])).values()];
}

/** schema.go: every validator that applies is asked; each counts once for applying, and all together once more. */
function judge(schema: StructuralSchema, value: unknown, path: string): Judgement {
  if (value === null) return ofNull(schema, path);
  const parts: Judgement[] = [combined(schema, value, path), { errors: enumErrors(schema, value, path), matches: 0 }];
  if (typesOf(schema).length > 0 || keptFormat(schema) !== undefined) {
    const error = typeError(schema, value, path);
    parts.push(error === undefined ? { errors: [], matches: 1 } : { errors: [error], matches: 0 });
  }
  if (typeof value === 'string') {
    parts.push({ errors: stringErrors(schema, value, path), matches: 0 });
    if (keptFormat(schema) !== undefined) parts.push({ errors: formatErrors(schema, value, path), matches: 0 });
  }
  if (typeof value === 'number') parts.push({ errors: numberErrors(schema, value, path), matches: 1 });
  if (Array.isArray(value)) parts.push(elements(schema, value, path));
  else if (typeof value === 'object') parts.push(members(schema, Object.entries(value as object), path));
  return together(parts, parts.length + 1);
}

/** Null meets the type and the enum alone, and nothing is counted but the type. */
function ofNull(schema: StructuralSchema, path: string): Judgement {
  const error = schema.nullable || typesOf(schema).length === 0 ? undefined : typeError(schema, null, path);
  const errors = [...(error === undefined ? [] : [error]), ...enumErrors(schema, null, path)];
  return { errors, matches: error === undefined ? 1 : 0 };
}

/** schema_props.go. Of the branches that failed, the one with most matches, the first among equals, tells its errors. */
function combined(schema: StructuralSchema, value: unknown, path: string): Judgement {
  const parts: Judgement[] = [];
  const failed = (text: string): void => {
    parts.push({ errors: [plain(`${quote(path)} ${text}`)], matches: 0 });
  };
  const judged = (branches: readonly StructuralSchema[]): Judgement[] =>
    branches.map((branch) => judge(branch, value, path));

  if (schema.anyOf?.length) {
    const branches = judged(schema.anyOf);
    const success = branches.find(isValid);
    if (success === undefined) failed('must validate at least one schema (anyOf)');
    parts.push(success ?? closest(branches));
  }
  if (schema.oneOf?.length) {
    const branches = judged(schema.oneOf);
    const successes = branches.filter(isValid);
    if (successes.length === 0) failed('must validate one and only one schema (oneOf). Found none valid');
    if (successes.length > 1)
      failed(`must validate one and only one schema (oneOf). Found ${successes.length} valid alternatives`);
    if (successes.length === 0) parts.push(closest(branches));
    if (successes.length === 1) parts.push(...successes);
  }
  if (schema.allOf?.length) {
    const branches = judged(schema.allOf);
    const none = branches.some(isValid) ? '' : '. None validated';
    if (!branches.every(isValid)) failed(`must validate all the schemas (allOf)${none}`);
    parts.push(...branches);
  }
  if (schema.not && isValid(judge(schema.not, value, path))) failed('must not validate the schema (not)');
  return together(parts, 1);
}

function isValid({ errors }: Judgement): boolean {
  return errors.length === 0;
}

function closest(branches: readonly Judgement[]): Judgement {
  return branches.reduce((best, branch) => (branch.matches > best.matches ? branch : best));
}

/** slice_validator.go: the elements, then the length; nothing stops at the first error. */
function elements(schema: StructuralSchema, value: readonly unknown[], path: string): Judgement {
  const { items, minItems, maxItems } = schema;
  const parts = items === undefined ? [] : value.map((element, index) => judge(items, element, `${path}[${index}]`));
  const errors: FieldError[] = [];
  if (minItems !== undefined && value.length < minItems)
    errors.push(wrong(path, value.length, `should have at least ${minItems} items`));
  if (maxItems !== undefined && value.length > maxItems) errors.push(tooMany(path, value.length, maxItems));
  return together([...parts, { errors, matches: 0 }], 1);
}

/** object_validator.go: with too few or too many members, nothing else is said of the object. */
function members(schema: StructuralSchema, entries: readonly [string, unknown][], path: string): Judgement {
  const { minProperties, maxProperties, additionalProperties } = schema;
  const size = entries.length;
  if (minProperties !== undefined && size < minProperties) {
    return { errors: [wrong(path, size, `should have at least ${minProperties} properties`)], matches: 0 };
  }
  if (maxProperties !== undefined && size > maxProperties) {
    return { errors: [tooMany(path, size, maxProperties)], matches: 0 };
  }
  const properties = new Map(Object.entries(schema.properties ?? {}));
  const parts = entries.map(([name, member]) => {
    const property = properties.get(name);
    if (property !== undefined) return judge(property, member, path === '' ? name : `${path}.${name}`);
    if (typeof additionalProperties !== 'object') return { errors: [], matches: 0 };
    return judge(additionalProperties, member, `${path}.${name}`);
  });
  const names = new Set(entries.map(([name]) => name));
  const missing = (schema.required ?? []).filter((name) => !names.has(name));
  const errors = missing.map((name) => required(fieldOf(`${path}.${name}`)));
  return together([...parts, { errors, matches: 0 }], 0);
}

function enumErrors(schema: StructuralSchema, value: unknown, path: string): FieldError[] {
  if (!schema.enum?.length) return [];
  return schema.enum.some((allowed) => isAllowed(value, allowed)) ? [] : [notSupported(path, value, schema.enum)];
}

function together(parts: readonly Judgement[], applied: number): Judgement {
  return {
    errors: parts.flatMap(({ errors }) => errors),
    matches: parts.reduce((sum, { matches }) => sum + matches, applied),
  };
}
