import type { JsonObject, Review } from './decode.ts';
import { type FieldError, quoted } from './field-errors.ts';
import { goJsonLeaf } from './go-json.ts';
import type { Outcome } from './outcome.ts';
import type { RuleReport } from './report.ts';

/** A Secret has a handful; beyond these, looking for each in every text would be felt. */
const MAX_VALUES = 1000;
/** Characters of all values: they are escaped in two ways, at some 10 ms a megabyte. A Secret holds 1 MiB at most. */
const MAX_CHARACTERS = 512 * 1024;
/** Characters looked through in one review, once for each form of each value: tens of milliseconds. */
const MAX_WORK = 16_000_000;
/** A longer value is found by its beginning, so that one that a rule has cut is hidden as well. */
const HEAD = 64;
/** Shorter ones are parts of ordinary words, and hide nothing by being hidden. */
const SHORTEST = 3;

const NOT_SHOWN = 'what the rule says is not shown for a Secret with as much in it as this one';

/**
 * What the rules said, as users may read it: where the review is of a core Secret, every occurrence of a value of
 * `data` or `stringData`, the old object's too, is `***`: as it stands, decoded, and in the escapes of field errors and
 * of JSON (DESIGN.md §9). Where that would take too long, a sentence stands in place of the words. Of any other kind
 * the reports are as they came.
 */
export function withoutSecretWords(
  { kind, object, oldObject }: Review,
  reports: readonly RuleReport[],
): readonly RuleReport[] {
  if (!isSecret({ kind }) || kind.group !== '') return reports;
  if (!reports.some(({ outcome }) => isWordy(outcome))) return reports;
  const hide = hiding(formsOf([object, oldObject]));
  return reports.map((report) => ({ ...report, outcome: hidden(report.outcome, hide) }));
}

/** Whether a review is of a Secret, by whatever group: what a rule says of one may hold what is in it. */
export function isSecret({ kind }: Pick<Review, 'kind'>): boolean {
  return kind.kind === 'Secret';
}

type Hide = (text: string) => string;

function isWordy(outcome: Outcome): boolean {
  return outcome.decision === 'allow' ? outcome.warnings.length > 0 : outcome.decision !== 'skip';
}

function hidden(outcome: Outcome, hide: Hide): Outcome {
  switch (outcome.decision) {
    case 'allow':
      return { ...outcome, warnings: outcome.warnings.map(hide) };
    case 'deny':
      return {
        ...outcome,
        problems: outcome.problems.map((problem) => hiddenProblem(problem, hide)),
        ...(outcome.warnings === undefined ? {} : { warnings: outcome.warnings.map(hide) }),
      };
    case 'failure':
      return { ...outcome, message: hide(outcome.message) };
    case 'skip': // is not told to users
      return outcome;
  }
}

function hiddenProblem(problem: string | FieldError, hide: Hide): string | FieldError {
  if (typeof problem === 'string') return hide(problem);
  const field = hide(problem.field);
  return { ...problem, field: field === NOT_SHOWN ? 'data' : field, message: hide(problem.message) };
}

/** Every way in which a rule is likely to write a value; undefined where there are too many. */
function formsOf(objects: readonly (JsonObject | undefined)[]): readonly string[] | undefined {
  const values = new Set<string>();
  const encoded = new Set<string>();
  for (const object of new Set(objects)) {
    for (const value of textsIn(object?.data)) encoded.add(value);
    for (const value of textsIn(object?.stringData)) values.add(value);
  }
  const characters = [...values, ...encoded].reduce((sum, { length }) => sum + length, 0);
  if (values.size + encoded.size > MAX_VALUES || characters > MAX_CHARACTERS) return undefined;
  for (const value of encoded) {
    const bytes = Buffer.from(value, 'base64');
    values.add(value).add(bytes.toString('utf8')).add(bytes.toString('latin1'));
  }
  const forms = new Set<string>();
  for (const value of values) {
    for (const text of [value, value.trim()]) {
      const escaped = [JSON.stringify(text), goJsonLeaf(text), quoted(text)].map((form) => form.slice(1, -1));
      for (const form of [text, ...escaped]) {
        if (form.length >= SHORTEST) forms.add(form);
      }
    }
  }
  return [...forms];
}

function textsIn(data: unknown): string[] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.values(data).filter((value): value is string => typeof value === 'string');
}

function hiding(forms: readonly string[] | undefined): Hide {
  let work = 0;
  return (text) => {
    work += text.length * (forms?.length ?? 0);
    if (forms === undefined || work > MAX_WORK) return NOT_SHOWN;
    return starred(text, occurrences(text, forms));
  };
}

type Span = readonly [start: number, end: number];

function occurrences(text: string, forms: readonly string[]): Span[] {
  const spans: Span[] = [];
  for (const form of forms) {
    const head = form.slice(0, HEAD);
    for (let at = text.indexOf(head); at !== -1; ) {
      let end = at + head.length;
      while (end < text.length && end - at < form.length && text[end] === form[end - at]) end++;
      spans.push([at, end]);
      at = text.indexOf(head, end);
    }
  }
  return spans.sort(([a], [b]) => a - b);
}

/** Values that overlap or touch become one `***`. */
function starred(text: string, spans: readonly Span[]): string {
  let result = '';
  let rest = 0;
  for (const [start, end] of spans) {
    if (start > rest || (start === 0 && rest === 0)) result += `${text.slice(rest, start)}***`;
    rest = Math.max(rest, end);
  }
  return result + text.slice(rest);
}
