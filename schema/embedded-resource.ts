import { invalid, required } from '../webhook/field-errors.ts';
import { metadataErrors } from './object-meta.ts';
import { fieldOf, type Path, type Sink } from './sink.ts';
import { type Check, checkOf, type OwnCheck } from './structural-check.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { isObject, type JsonObject, shownAs } from './values.ts';

/**
 * The check of every object below the schema that is an `x-kubernetes-embedded-resource` (apiextensions-apiserver,
 * schema/objectmeta/validation.go): it says what it is, and its metadata could stand. Undefined where there is none.
 */
export function embeddedResourceCheck(schema: StructuralSchema): Check | undefined {
  return checkOf(schema, embeddedResourceOwnCheck);
}

/** The same for this one schema's own values. */
export function embeddedResourceOwnCheck(schema: StructuralSchema): OwnCheck | undefined {
  return schema['x-kubernetes-embedded-resource'] === true ? checkResource : undefined;
}

function checkResource(value: unknown, path: Path, sink: Sink): void {
  if (!isObject(value)) return;
  checkName(value, 'apiVersion', apiVersionProblem, path, sink);
  checkName(value, 'kind', kindProblem, path, sink);
  if (!Object.hasOwn(value, 'metadata')) return;
  for (const error of metadataErrors(value.metadata, fieldOf({ parent: path, step: 'metadata' }))) {
    if (sink.errors.length >= sink.most) return;
    sink.errors.push(() => error);
  }
}

function checkName(
  value: JsonObject,
  name: 'apiVersion' | 'kind',
  problem: (text: string) => string | undefined,
  path: Path,
  sink: Sink,
): void {
  const field = fieldOf({ parent: path, step: name });
  const text = Object.hasOwn(value, name) ? value[name] : '';
  if (typeof text !== 'string') {
    sink.errors.push(() => invalid(field, shownAs(text), 'must be a string'));
  } else if (text === '') {
    sink.errors.push(() => required(field));
  } else {
    const detail = problem(text);
    if (detail !== undefined) sink.errors.push(() => invalid(field, text, detail));
  }
}

/** As apimachinery reads it (runtime/schema, ParseGroupVersion): a version, or a group, a slash and a version. */
function apiVersionProblem(text: string): string | undefined {
  return text.split('/', 3).length > 2 ? `unexpected GroupVersion string: ${text}` : undefined;
}

function kindProblem(text: string): string | undefined {
  const lower = text.toLowerCase();
  const problems = [
    ...(lower.length > 63 ? ['must be no more than 63 characters'] : []),
    ...(/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(lower) ? [] : [DNS_1035]),
  ];
  return problems.length === 0 ? undefined : `may have mixed case, but should otherwise match: ${problems.join(',')}`;
}

/** In the words of apimachinery (util/validation, IsDNS1035Label). */
const DNS_1035 =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
