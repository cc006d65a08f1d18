import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../../webhook/decode.ts';

/** Where a field stands in the object as it was written. */
export interface Located {
  /** As far as it is there, and one step beyond. */
  readonly path: readonly (string | number)[];
  /** The field as it is called, with the indices of the object as it was written. */
  readonly field: string;
}

/**
 * Finds the field that a message names (`spec.containers[1].image`, `metadata.labels[example.com/x]`) of an object that
 * was reviewed in the object that was written, which is without what mutating webhooks put in: list elements are known by
 * their names, or by being the same. Names with dots are found whether they stand in brackets or after a dot.
 */
export function locate(field: string, reviewed: unknown, written: unknown): Located {
  const path: (string | number)[] = [];
  let [text, rest, inReviewed, inWritten] = ['', field, reviewed, written];
  while (rest !== '') {
    const step = stepOf(rest, inReviewed, text === '');
    if (step === undefined) break;
    const { raw, name } = step;
    rest = rest.slice(raw.length);
    if (Array.isArray(inReviewed)) {
      const index = indexIn(inWritten, inReviewed, Number(name));
      // Somebody put it there since: nothing that was written is nearer than what is around it.
      if (index === undefined) return { path, field: `${text}${raw}${rest}` };
      text += `[${index}]`;
      path.push(index);
      [inReviewed, inWritten] = [inReviewed[Number(name)], (inWritten as unknown[])[index]];
    } else {
      text += raw;
      path.push(name);
      [inReviewed, inWritten] = [memberOf(inReviewed, name), memberOf(inWritten, name)];
    }
  }
  return { path, field: text + rest };
}

/**
 * The field that a text begins with (`spec.days: forecasts reach 16 days`, `unknown field "spec.day"`), or the label or
 * annotation (`example.com/team: who is that?`), where the object has something of that name.
 */
export function fieldAtStart(text: string, object: unknown): string | undefined {
  const [, field] = /^(?:unknown field ")?([A-Za-z][\w-]*(?:\.[\w/-]+|\[[^\]]*\])*)(?:: |")/.exec(text) ?? [];
  const first = field === undefined ? undefined : /^[\w-]+/.exec(field)?.[0];
  if (first !== undefined && memberOf(object, first) !== undefined) return field;
  const [, key] = /^([\w.-]+\/[\w.-]+)(?:: | )/.exec(text) ?? [];
  const metadata = memberOf(object, 'metadata');
  const map = ['labels', 'annotations'].find(
    (name) => key !== undefined && memberOf(memberOf(metadata, name), key) !== undefined,
  );
  return map === undefined ? undefined : `metadata.${map}[${key}]`;
}

/** The field as it is called from around: `spec.template` and `spec.containers` are `spec.template.spec.containers`. */
export function below(at: readonly string[], field: string): string {
  return [...at, ...(field === '' ? [] : [field])].join('.');
}

/** The next step, as it is written and as the member is called: the longest name that there is. */
function stepOf(text: string, value: unknown, isFirst: boolean): { raw: string; name: string } | undefined {
  if (text.startsWith('[')) {
    const names = isRecord(value) ? Object.keys(value).filter((name) => text.startsWith(`[${name}]`)) : [];
    const name = longest(names) ?? /^\[([^\]]*)\]/.exec(text)?.[1];
    return name === undefined ? undefined : { raw: `[${name}]`, name };
  }
  if (!isFirst && !text.startsWith('.')) return undefined;
  const dot = isFirst ? '' : '.';
  const plain = text.slice(dot.length);
  const names = isRecord(value) ? Object.keys(value).filter((name) => isNameAt(plain, name)) : [];
  const name = longest(names) ?? /^[^.[]+/.exec(plain)?.[0];
  return name === undefined || name === '' ? undefined : { raw: dot + name, name };
}

function isNameAt(text: string, name: string): boolean {
  return text.startsWith(name) && /^(?:$|[.[])/.test(text.slice(name.length));
}

function longest(names: readonly string[]): string | undefined {
  return [...names].sort((one, other) => other.length - one.length)[0];
}

function memberOf(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function indexIn(written: unknown, reviewed: readonly unknown[], at: number): number | undefined {
  if (!Array.isArray(written)) return undefined;
  const element = reviewed[at];
  if (isDeepStrictEqual(written[at], element) && at < written.length) return at;
  const name = memberOf(element, 'name');
  const same = written.findIndex((one) =>
    typeof name === 'string' ? memberOf(one, 'name') === name : isDeepStrictEqual(one, element),
  );
  if (same >= 0) return same;
  return written.length === reviewed.length && at < written.length ? at : undefined;
}
