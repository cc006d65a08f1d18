import type { FieldError } from '../../author.ts';
import type { StructuralSchema } from '../../schema/structural-schema.ts';
import { invalid, required } from './oracle-texts.ts';
import { childrenOf } from './oracle-walk.ts';

const NAME_PART =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
  "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
  "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_1035 =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end " +
  "with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is " +
  "'[a-z]([-a-z0-9]*[a-z0-9])?')";

/** objectmeta/validation.go, wherever an embedded resource stands. Of its metadata: names, and label and annotation keys without prefix. */
export function embeddedErrors(schema: StructuralSchema, value: unknown, field: string): FieldError[] {
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  const own =
    isObject && schema['x-kubernetes-embedded-resource'] ? resourceErrors(new Map(Object.entries(value)), field) : [];
  return [
    ...own,
    ...childrenOf(schema, value, field).flatMap((child) => embeddedErrors(child.schema, child.value, child.field)),
  ];
}

function resourceErrors(resource: ReadonlyMap<string, unknown>, field: string): FieldError[] {
  const metadata = resource.get('metadata') as { [name: string]: unknown } | undefined;
  return [
    ...textErrors(resource, field, 'apiVersion', versionError),
    ...textErrors(resource, field, 'kind', kindError),
    ...nameErrors(String(metadata?.name ?? ''), `${field}.metadata.name`),
    ...keyErrors(metadata?.labels, `${field}.metadata.labels`),
    ...keyErrors(metadata?.annotations, `${field}.metadata.annotations`),
  ];
}

function textErrors(
  resource: ReadonlyMap<string, unknown>,
  field: string,
  name: string,
  detailOf: (text: string) => string | undefined,
): FieldError[] {
  const text = resource.get(name);
  if (!resource.has(name) || text === '') return [required(`${field}.${name}`)];
  if (typeof text !== 'string') return [invalid(`${field}.${name}`, text, 'must be a string')];
  const detail = detailOf(text);
  return detail === undefined ? [] : [invalid(`${field}.${name}`, text, detail)];
}

function versionError(text: string): string | undefined {
  return text.split('/').length > 2 ? `unexpected GroupVersion string: ${text}` : undefined;
}

function kindError(text: string): string | undefined {
  const label = text.toLowerCase();
  const errors = [
    ...(Buffer.byteLength(label) > 63 ? ['must be no more than 63 bytes'] : []),
    ...(/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(label) ? [] : [LABEL_1035]),
  ];
  return errors.length === 0 ? undefined : `may have mixed case, but should otherwise match: ${errors.join(',')}`;
}

function nameErrors(name: string, field: string): FieldError[] {
  if (name === '.' || name === '..') return [invalid(field, name, `may not be '${name}'`)];
  const forbidden = ['/', '%'].filter((character) => name.includes(character));
  return forbidden.map((character) => invalid(field, name, `may not contain '${character}'`));
}

function keyErrors(entries: unknown, field: string): FieldError[] {
  const keys = Object.keys(entries ?? {}).filter((key) => !/^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(key));
  return keys.map((key) => invalid(field, key, NAME_PART));
}
