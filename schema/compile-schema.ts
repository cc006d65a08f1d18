import { isDeepStrictEqual } from 'node:util';
import { Ajv, type ErrorObject, type Options } from 'ajv';
import type { FieldError } from '../webhook/field-errors.ts';
import { child, fieldErrors } from './error-texts.ts';
import { FORMATS } from './formats.ts';
import { listProblems } from './list-type.ts';
import { compilePattern } from './pattern.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { LIST_TYPE, SOURCE, toJsonSchema } from './to-json-schema.ts';

const MOST_PARTS = 10_000;
const MOST_LEVELS = 100;

/**
 * Validates a value that stands at `path` of its object (`''`: it is the object). With `old`, the value that stood
 * there before, what has not changed is not reported: an UPDATE may leave what was wrong already.
 */
export type SchemaValidator = (value: unknown, path?: string, old?: unknown) => FieldError[];

/**
 * Compiles a CRD's structural schema into a validator that reports, all at once, what the API server would report
 * (1.36; by then it has filled in defaults and pruned unknown fields). Throws an Error that names the place for what
 * it cannot honour. Of a value with more than 10,000 parts or 100 levels, which could have millions of errors, the
 * first alone is reported, changed or not.
 */
export function compileSchema(schema: StructuralSchema): SchemaValidator {
  const translated = toJsonSchema(schema, 'schema');
  const isValid = ajv({ allErrors: false }).compile(translated);
  const findAll = ajv({ allErrors: true }).compile(translated);
  return (value, path = '', old) => {
    if (isValid(value)) return [];
    if (!isModest(value)) return (isValid.errors ?? []).flatMap((error) => describe(error, value, path));
    findAll(value);
    return onePerText(findAll.errors ?? [])
      .filter((error) => old === undefined || !isUnchanged(error, value, old))
      .flatMap((error) => describe(error, value, path));
  };
}

function ajv({ allErrors }: { allErrors: boolean }): Ajv {
  const regExp = Object.assign((pattern: string) => compilePattern(pattern), { code: 'compilePattern' });
  return new Ajv({ ...OPTIONS, allErrors, code: { regExp } }).addKeyword({
    keyword: LIST_TYPE,
    type: 'array',
    validate: (keys: true | readonly string[], list: readonly unknown[]) => listProblems(keys, list).length === 0,
  });
}

/** As protocol.md §3.1 finds them; the schema needs no check against a meta-schema, for we have just written it. */
const OPTIONS: Options = {
  strict: false,
  verbose: true, // for parentSchema
  ownProperties: true,
  unicodeRegExp: false,
  allowUnionTypes: true,
  validateSchema: false,
  validateFormats: true,
  formats: FORMATS,
  logger: false,
};

/** Of a text's length limits and pattern the API server reports the first that breaks. */
function onePerText(errors: readonly ErrorObject[]): ErrorObject[] {
  const seen = new Set<string>();
  return errors.filter(({ keyword, instancePath }) => {
    if (!['maxLength', 'minLength', 'pattern'].includes(keyword)) return true;
    return !seen.has(instancePath) && seen.add(instancePath);
  });
}

function describe(error: ErrorObject, value: unknown, path: string): FieldError[] {
  const keys = keysOf(error.instancePath);
  const schema = (error.parentSchema as { [SOURCE]: StructuralSchema })[SOURCE];
  return fieldErrors(error, schema, fieldAt(path, value, keys), valueAt(value, keys));
}

function isUnchanged(error: ErrorObject, value: unknown, old: unknown): boolean {
  const keys = keysOf(error.instancePath);
  const before = valueAt(old, keys);
  if (error.keyword !== 'required') return isDeepStrictEqual(valueAt(value, keys), before);
  return isParent(before) && !Object.hasOwn(before, error.params.missingProperty);
}

function isModest(value: unknown): boolean {
  let parts = 0;
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    parts += level.length;
    if (parts > MOST_PARTS || depth > MOST_LEVELS) return false;
    level = level.flatMap((part) => (isParent(part) ? Object.values(part) : []));
  }
  return true;
}

/** The steps of a JSON Pointer (RFC 6901). */
function keysOf(pointer: string): string[] {
  const steps = pointer.split('/').slice(1);
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function fieldAt(path: string, value: unknown, keys: readonly string[]): string {
  let at = value;
  return keys.reduce((field, key) => {
    const next = Array.isArray(at) ? `${field}[${key}]` : child(field, key);
    at = valueAt(at, [key]);
    return next;
  }, path);
}

function valueAt(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce((at, key) => (isParent(at) && Object.hasOwn(at, key) ? at[key] : undefined), value);
}

function isParent(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
