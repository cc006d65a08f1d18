import { Ajv, type Options } from 'ajv';
import type { FieldError } from '../webhook/field-errors.ts';
import { defaultFaults } from './default-faults.ts';
import { embeddedResourceCheck, embeddedResourceOwnCheck } from './embedded-resource.ts';
import { formatCheck } from './formats.ts';
import { listTypeCheck, listTypeOwnCheck } from './list-type.ts';
import { compilePattern } from './pattern.ts';
import { type SchemaOptions, schemaFaults } from './schema-faults.ts';
import { schemaNode } from './schema-node.ts';
import type { Sink } from './sink.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { JUDGED, OF_FORMAT, OF_STRUCTURE, toJsonSchema } from './to-json-schema.ts';
import { walk } from './walk.ts';

/** So many errors of one value are reported: more are no help, and a hostile object has millions. */
const MOST_ERRORS = 100;

/**
 * Validates a value that stands at `path` of its object (`''`: it is the object). With `old`, the value that stood
 * there before, what has not changed is not reported: an UPDATE may leave what was wrong already.
 */
export type SchemaValidator = (value: unknown, path?: string, old?: unknown) => FieldError[];

/**
 * Compiles a CRD's structural schema into a validator that reports, all at once, what the API server would report
 * (1.36; by then it has filled in defaults and pruned unknown fields), the first 100 of it. `x-kubernetes-validations`
 * are not evaluated. Throws an Error, a line for each place, for what an API server would not take in a schema, its
 * defaults included.
 */
export function compileSchema(schema: StructuralSchema, options: SchemaOptions = {}): SchemaValidator {
  const faults = schemaFaults(schema, 'schema', options);
  if (faults.length === 0) faults.push(...defaultFaults(schema, 'schema'));
  if (faults.length > 0) throw new Error(faults.join('\n'));
  const isPlainlyValid = ajv().compile(toJsonSchema(schema));
  const judge = judgeOf(schema);
  return (value, path = '', old) => {
    if (isPlainlyValid(value)) return [];
    const sink: Sink = { errors: [], most: MOST_ERRORS };
    judge(value, path, old, sink);
    return unique(sink.errors.map((write) => write())).slice(0, MOST_ERRORS);
  };
}

/** ajv answers for the plain parts, which is most of most objects and fast; `judged` parts and what it refuses are ours. */
function ajv(): Ajv {
  const regExp = Object.assign((pattern: string) => compilePattern(pattern), { code: 'compilePattern' });
  const instance = new Ajv({ ...OPTIONS, code: { regExp } });
  instance.addKeyword({
    keyword: OF_FORMAT,
    type: 'string',
    compile: (format: string) => formatCheck(format) ?? (() => true),
  });
  instance.addKeyword({ keyword: OF_STRUCTURE, compile: isOfStructure });
  return instance.addKeyword({
    keyword: JUDGED,
    compile: (schema: StructuralSchema) => {
      const judge = judgeOf(schema);
      return (value: unknown) => {
        const sink = { errors: [], most: 1 };
        judge(value, '', undefined, sink);
        return sink.errors.length === 0;
      };
    },
  });
}

/** As protocol.md §3.1 finds them; the schema needs no check against a meta-schema, for we have just written it. */
const OPTIONS: Options = {
  strict: false,
  ownProperties: true,
  unicodeRegExp: false,
  allowUnionTypes: true,
  validateSchema: false,
  logger: false,
};

/** What ajv has no word for, of one value; what lies below it is ajv's again. */
function isOfStructure(schema: StructuralSchema): (value: unknown) => boolean {
  const checks = [embeddedResourceOwnCheck(schema), listTypeOwnCheck(schema)];
  return (value) => {
    const sink = { errors: [], most: 1 };
    for (const check of checks) check?.(value, NOWHERE, sink);
    return sink.errors.length === 0;
  };
}

const NOWHERE = { parent: undefined, step: '' };

type Judge = (value: unknown, path: string, old: unknown, sink: Sink) => void;

/** The three passes of the API server (apiextensions-apiserver, registry/customresource/strategy.go, Validate). */
function judgeOf(schema: StructuralSchema): Judge {
  const node = schemaNode(schema);
  const checks = [embeddedResourceCheck(schema), listTypeCheck(schema)];
  return (value, text, old, sink) => {
    const path = { parent: undefined, step: text };
    walk(node, value, path, old, sink);
    for (const check of checks) check?.(value, path, old, sink);
  };
}

/** The API server reports what is the same in field and text once. */
function unique(errors: readonly FieldError[]): FieldError[] {
  return [...new Map(errors.map((error) => [`${error.field}\n${error.message}`, error])).values()];
}
