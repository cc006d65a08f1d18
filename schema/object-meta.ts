import { type FieldError, invalid, tooLong } from '../webhook/field-errors.ts';
import { isObject, type JsonObject } from './values.ts';

/**
 * What the API server finds wrong with the metadata at `path` of an object, embedded or whole (apimachinery,
 * api/validation/objectmeta.go and meta/v1/validation): names, namespace, labels and annotations; not finalizers and owners.
 * `nameProblems` is what its kind wants of a name, or of the prefix of one. What it says of a part of the wrong type is Go's own
 * text; ours names the type as well, in other words. One after the other, so that whoever has seen enough may stop.
 */
export function* metadataErrors(
  metadata: unknown,
  path: string,
  nameProblems: (name: string, isPrefix: boolean) => readonly string[] = pathSegmentProblems,
): Generator<FieldError> {
  if (metadata === null) return;
  const wrong = isObject(metadata) ? wrongTypes(metadata) : 'must be an object';
  if (!isObject(metadata) || wrong !== undefined) return yield invalid(path, metadata, wrong ?? '');
  const text = (name: string) => (metadata[name] as string | undefined) ?? '';
  const map = (name: string) => Object.entries((metadata[name] as { [key: string]: string } | undefined) ?? {});
  yield* problems(`${path}.generateName`, text('generateName'), nameProblems(text('generateName'), true));
  yield* problems(`${path}.name`, text('name'), nameProblems(text('name'), false));
  if (text('namespace') !== '') {
    yield* problems(`${path}.namespace`, text('namespace'), dnsLabelProblems(text('namespace')));
  }
  yield* annotationSizeErrors(map('annotations'), `${path}.annotations`);
  for (const [key, value] of map('labels')) {
    yield* problems(`${path}.labels`, key, qualifiedNameProblems(key));
    yield* problems(`${path}.labels`, value, labelValueProblems(value));
  }
  for (const [key] of map('annotations')) {
    yield* problems(`${path}.annotations`, key, qualifiedNameProblems(key.toLowerCase()));
  }
}

function problems(field: string, value: string, details: readonly string[]): FieldError[] {
  return details.map((detail) => invalid(field, value, detail));
}

const TEXTS = ['name', 'generateName', 'namespace'];
const MAPS = ['labels', 'annotations'];

function wrongTypes(metadata: JsonObject): string | undefined {
  const isWrong = (name: string, holds: (value: unknown) => boolean) =>
    Object.hasOwn(metadata, name) && metadata[name] !== null && !holds(metadata[name]);
  const wrongText = TEXTS.find((name) => isWrong(name, (value) => typeof value === 'string'));
  if (wrongText !== undefined) return `${wrongText} must be a string`;
  const isTexts = (value: unknown) => isObject(value) && Object.values(value).every((text) => typeof text === 'string');
  const wrongMap = MAPS.find((name) => isWrong(name, isTexts));
  return wrongMap === undefined ? undefined : `${wrongMap} must be an object of strings`;
}

/** As in a path of the API (api/validation/path, ValidatePathSegmentName); a prefix may be less than a name. */
function pathSegmentProblems(name: string, isPrefix: boolean): string[] {
  if (!isPrefix && (name === '.' || name === '..')) return [`may not be '${name}'`];
  return ['/', '%']
    .filter((character) => name.includes(character))
    .map((character) => `may not contain '${character}'`);
}

const NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const ALPHANUMERIC = "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const LOWER = 'must consist of lower case alphanumeric characters';
const ENDS = 'and must start and end with an alphanumeric character';

const isName = new RegExp(`^${NAME}$`);
const isLabel = new RegExp(`^${LABEL}$`);
const isSubdomain = new RegExp(`^${SUBDOMAIN}$`);

function qualifiedNameProblems(key: string): string[] {
  const parts = key.split('/', 3);
  const form = regexError(`must consist of ${ALPHANUMERIC}`, NAME, 'MyName', 'my.name', '123-abc');
  if (parts.length > 2) {
    return [`a valid label key ${form} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const name = parts.at(-1) ?? '';
  return [
    ...(parts.length === 2 ? prefixProblems(parts[0] ?? '') : []),
    ...(name === '' ? ['name part must be non-empty'] : lengthProblems(name, 63, 'name part ')),
    ...(isName.test(name) ? [] : [`name part ${form}`]),
  ];
}

function prefixProblems(prefix: string): string[] {
  if (prefix === '') return ['prefix part must be non-empty'];
  return subdomainProblems(prefix).map((problem) => `prefix part ${problem}`);
}

/** What keeps a text from being a DNS-1123 subdomain, as the name of most kinds is (api/validation/generic.go). A prefix may end with `-`; none is ''. */
export function subdomainProblems(text: string, isPrefix = false): string[] {
  if (text === '') return [];
  const name = isPrefix ? text.replace(/^(.+)-$/s, '$1a') : text;
  const form = regexError(`a lowercase RFC 1123 subdomain ${LOWER}, '-' or '.', ${ENDS}`, SUBDOMAIN, 'example.com');
  return [...lengthProblems(name, 253), ...(isSubdomain.test(name) ? [] : [form])];
}

function labelValueProblems(value: string): string[] {
  const form = `a valid label must be an empty string or consist of ${ALPHANUMERIC}`;
  return [
    ...lengthProblems(value, 63),
    ...(value === '' || isName.test(value) ? [] : [regexError(form, `(${NAME})?`, 'MyValue', 'my_value', '12345')]),
  ];
}

function dnsLabelProblems(name: string): string[] {
  const form = `a lowercase RFC 1123 label ${LOWER} or '-', ${ENDS}`;
  const problem = isSubdomain.test(name) ? 'must not contain dots' : regexError(form, LABEL, 'my-name', '123-abc');
  return [...lengthProblems(name, 63), ...(isLabel.test(name) ? [] : [problem])];
}

function lengthProblems(text: string, most: number, of = ''): string[] {
  return Buffer.byteLength(text) > most ? [`${of}must be no more than ${most} bytes`] : [];
}

/** As util/validation writes it, two spaces and all. */
function regexError(text: string, expression: string, ...examples: readonly string[]): string {
  const eg = examples.map((example) => `'${example}', `).join(' or ');
  return `${text} (e.g. ${eg}regex used for validation is '${expression}')`;
}

const MOST_ANNOTATION_BYTES = 256 * 1024;

function annotationSizeErrors(annotations: readonly [key: string, value: string][], field: string): FieldError[] {
  const bytes = annotations.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  return bytes > MOST_ANNOTATION_BYTES ? [tooLong(field, MOST_ANNOTATION_BYTES)] : [];
}
