import { type FieldError, invalid, quoted } from '../webhook/field-errors.ts';

/** Where a walk puts the errors that it finds. Nobody reads thousands, and a hostile object has millions. */
export interface Sink {
  readonly errors: FoundError[];
  /** After so many errors the walk ends. */
  readonly most: number;
}

/** Writes the error: most of what the branches of an `anyOf` find is never read, and texts are what costs. */
export type FoundError = () => FieldError;

/** Where a value stands. It becomes a text only where something is wrong. */
export interface Path {
  readonly parent: Path | undefined;
  /** A name, an index, or a key that is written in brackets, as what looks at structure alone writes it. */
  readonly step: string | number | { readonly key: string };
}

/** The path as the API server writes it: dots before names, whatever they hold; empty for a whole object. */
export function textOf({ parent, step }: Path): string {
  const before = parent === undefined ? '' : textOf(parent);
  if (typeof step === 'number') return `${before}[${step}]`;
  if (typeof step === 'object') return `${before}[${step.key}]`;
  return before === '' ? step : `${before}.${step}`;
}

/** The path as an error's field: the API server prints a missing one as `<nil>`. */
export function fieldOf(path: Path): string {
  return textOf(path) || '<nil>';
}

/** Adds what most checks say: that the value, shown as `shown` says, should be otherwise. */
export function addInBody(sink: Sink, path: Path, shown: () => unknown, should: () => string): void {
  sink.errors.push(() => invalid(fieldOf(path), shown(), `${textOf(path)} in body should ${should()}`));
}

/** Adds that a value's type is wrong. `actual` is the type's name; of a text that breaks a format, the text. */
export function addTypeError(sink: Sink, path: Path, expected: string, actual: string): void {
  sink.errors.push(() => {
    const value = quoted(actual);
    const message = `Invalid value: ${value}: ${textOf(path)} in body must be of type ${expected}: ${value}`;
    return { field: fieldOf(path), reason: 'FieldValueTypeInvalid', message };
  });
}

/** Adds an error that the API server blames on no field. */
export function addOfNoField(sink: Sink, text: () => string): void {
  sink.errors.push(() => invalid('<nil>', '', text()));
}
