import { quoted } from '../webhook/field-errors.ts';
import { closestTo } from '../webhook/nearest.ts';
import { shown } from '../webhook/shown.ts';
import { type Path, textOf } from './sink.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { asMember, isObject } from './values.ts';

/** So many are told one by one, and then only that there are more: who has that many has the wrong kind. */
const MOST_WARNINGS = 10;
/** Characters of a name that a request gives, and of a path: a warning has 120, and the name that was meant stands last. */
const MOST_OF_NAME = 32;
const MOST_OF_PATH = 56;
/** A shorter word may be the first or the last one of anything. */
const LEAST_WORD = 4;

/** What is a CRD's own at the root, and an embedded resource's, whatever the schema says of it. */
const META: readonly string[] = ['apiVersion', 'kind', 'metadata'];

/**
 * A warning for each field of a custom resource that pruning would drop, in the API server's words and with the known
 * name that is nearest: `unknown field "spec.gitrepo"; did you mean "gitRepo"?`. `schema` is a CRD's root schema. With
 * `old`, the object before, fields that stood there already are left out. At most eleven; names are cut, and shown
 * without credentials.
 */
export function unknownFieldWarnings(schema: StructuralSchema, value: unknown, old?: unknown): string[] {
  const warnings: string[] = [];
  for (const { path, name, known } of unknownFields(value, old, { ...schema, [EMBEDDED]: true }, ROOT)) {
    if (warnings.length === MOST_WARNINGS) return [...warnings, 'there are more unknown fields'];
    const meant = meantBy(name, known);
    const hint = meant === undefined ? '' : `; did you mean ${quoted(meant)}?`;
    warnings.push(`unknown field ${quoted(endOf(textOf(shortened(path))))}${hint}`);
  }
  return warnings;
}

const EMBEDDED = 'x-kubernetes-embedded-resource';
const PRESERVE = 'x-kubernetes-preserve-unknown-fields';
const ROOT: Path = { parent: undefined, step: '' };

interface UnknownField {
  readonly path: Path;
  readonly name: string;
  /** What the schema knows in its place. */
  readonly known: readonly string[];
}

/** One after the other, so that whoever has seen enough may stop. Goes no deeper than the schema does. */
function* unknownFields(
  value: unknown,
  old: unknown,
  schema: StructuralSchema | undefined,
  path: Path,
): Generator<UnknownField> {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    const before: readonly unknown[] = Array.isArray(old) ? old : [];
    const items = preserves(schema) ? { ...schema.items, [PRESERVE]: true } : schema.items;
    for (const [i, element] of value.entries()) {
      yield* unknownFields(element, before[i], items, { parent: path, step: i });
    }
    return;
  }
  if (!isObject(value)) return;
  const { properties = {}, additionalProperties, [EMBEDDED]: isEmbedded } = schema;
  const own = isEmbedded === true ? META : [];
  const isOpen = preserves(schema) || additionalProperties === true;
  for (const name of Object.keys(value)) {
    if (own.includes(name)) continue;
    const at = { parent: path, step: name };
    if (Object.hasOwn(properties, name)) {
      yield* unknownFields(value[name], asMember(old, name), properties[name], at);
    } else if (typeof additionalProperties === 'object') {
      yield* unknownFields(value[name], asMember(old, name), additionalProperties, at);
    } else if (!isOpen && asMember(old, name) === undefined) {
      yield { path: at, name, known: [...own, ...Object.keys(properties)] };
    }
  }
}

/** `repo` is rather the last word of `gitRepo` than two slips away from `ref`; another case or a plural is nearer. */
function meantBy(name: string, known: readonly string[]): string | undefined {
  const part = name.toLowerCase();
  const isNearer = known.some((other) => [part, `${part}s`].includes(other.toLowerCase()));
  const wholes = isNearer || part.length < LEAST_WORD ? [] : known.filter((other) => isWordOf(part, other));
  return wholes.length === 1 ? wholes[0] : closestTo(name, known);
}

/** Whether a name of several words begins or ends with this one. */
function isWordOf(word: string, name: string): boolean {
  const [first, last] = [name.slice(0, word.length), name.slice(-word.length)];
  const isFirst = first.toLowerCase() === word && isCapital(name.charAt(word.length));
  return isFirst || (last.toLowerCase() === word && isCapital(last.charAt(0)));
}

function isCapital(letter: string): boolean {
  return /^[A-Z]$/.test(letter);
}

function preserves(schema: StructuralSchema): boolean {
  return schema[PRESERVE] === true;
}

/** Each name for itself, so that what it may hide is found before anything is cut. */
function shortened({ parent, step }: Path): Path {
  return {
    parent: parent === undefined ? undefined : shortened(parent),
    step: typeof step === 'string' ? shown(step, MOST_OF_NAME) : step,
  };
}

function endOf(path: string): string {
  return path.length <= MOST_OF_PATH ? path : `…${path.slice(1 - MOST_OF_PATH)}`;
}
