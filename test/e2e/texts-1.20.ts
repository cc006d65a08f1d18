import type { FieldError } from '../../author.ts';

/** What an API server says of a field. `{field}` is its path, `{value}` what stands there, any other name some text. */
export type Text = readonly [reason: string, message: string];

/** A cause that API servers 1.36 and 1.20 do not tell in the same words; `undefined`: 1.20 does not tell it at all. */
export interface Difference {
  readonly cause: string;
  readonly in136: Text;
  readonly in120: Text | undefined;
}

/** The table of schema/README.md, "Differences between API servers", which is all that a Website can show. */
export const DIFFERENCES: readonly Difference[] = [
  {
    cause: 'a value of another type, a text that is not of its format',
    in136: ['FieldValueTypeInvalid', 'Invalid value: {got}: {field} in body must be of type {type}: {got}'],
    in120: ['FieldValueInvalid', 'Invalid value: {got}: {field} in body must be of type {type}: {got}'],
  },
  {
    cause: 'a number that is no integer, beside its type',
    in136: [
      'FieldValueInvalid',
      'Invalid value: "": Checked value must be of type integer (default format) in {field}',
    ],
    in120: undefined,
  },
  {
    cause: 'a text that is too long',
    in136: ['FieldValueTooLong', 'Too long: may not be more than {max} bytes'],
    in120: ['FieldValueInvalid', 'Invalid value: {value}: {field} in body should be at most {max} chars long'],
  },
  {
    cause: 'a list that is too long',
    in136: ['FieldValueTooMany', 'Too many: {size}: must have at most {max} items'],
    in120: ['FieldValueInvalid', 'Invalid value: {size}: {field} in body should have at most {max} items'],
  },
  {
    cause: 'a list or an object where there is an enum: 1.20 prints it as Go does',
    in136: ['FieldValueNotSupported', 'Unsupported value: {value}: supported values: {values}'],
    in120: ['FieldValueNotSupported', 'Unsupported value: {value}: supported values: {values}'],
  },
  {
    cause: 'keys that stand twice in a list: 1.20 prints them as Go does',
    in136: ['FieldValueDuplicate', 'Duplicate value: {value}'],
    in120: ['FieldValueDuplicate', 'Duplicate value: {value}'],
  },
];

/**
 * What an API server 1.20 says where 1.36 says `cause` of the object: nothing, or the same but for the differences
 * above, and but for the indices in paths, which 1.20 leaves out of all but what breaks the list's own type.
 */
export function in120(cause: FieldError, object: unknown): FieldError[] {
  const isOfList = cause.reason === 'FieldValueDuplicate' || cause.message.endsWith('list-type map');
  const field = isOfList ? cause.field : cause.field.replace(/\[\d+\]/g, '');
  const difference = differenceOf(cause);
  if (difference === undefined) return [{ ...cause, field, message: cause.message.replaceAll(cause.field, field) }];
  if (difference.in120 === undefined) return [];
  const [reason, template] = difference.in120;
  const { value, ...texts } = pattern(difference, cause).exec(cause.message)?.groups ?? {};
  const printed = printedByGo(value === undefined ? valueAt(object, cause.field) : JSON.parse(value));
  return [{ field, reason, message: filled(template, { ...texts, field, value: printed }) }];
}

/** The one that the cause of 1.36 is a case of. */
export function differenceOf(cause: FieldError): Difference | undefined {
  return DIFFERENCES.find((one) => one.in136[0] === cause.reason && pattern(one, cause).test(cause.message));
}

/** Of an error of no field, the path is in the text alone. */
function pattern({ in136: [, template] }: Difference, { field }: FieldError): RegExp {
  const seen = new Set<string>();
  const source = template.split(/\{(\w+)\}/).map((part, index) => {
    if (index % 2 === 0) return RegExp.escape(part);
    if (part === 'field' && field !== '<nil>') return RegExp.escape(field);
    if (seen.has(part)) return `\\k<${part}>`;
    seen.add(part);
    return `(?<${part}>.*)`;
  });
  return new RegExp(`^${source.join('')}$`, 's');
}

function filled(template: string, texts: { readonly [name: string]: string | undefined }): string {
  return template.replace(/\{(\w+)\}/g, (_, name) => texts[name] ?? '');
}

function valueAt(object: unknown, field: string): unknown {
  const steps = field.split(/\.|\[|\]\.?/).filter((step) => step !== '');
  return steps.reduce((at, step) => (at as { readonly [name: string]: unknown } | undefined)?.[step], object);
}

/** As fmt's %q of a text without anything to escape, and its %#v of all else. */
function printedByGo(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(printedByGo).join(', ')}}`;
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${printedByGo(member)}`);
  return `map[string]interface {}{${members.join(', ')}}`;
}
