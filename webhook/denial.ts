import type { Review } from './decode.ts';
import type { FieldError } from './field-errors.ts';
import { shown } from './shown.ts';
import { type Status, statusOf } from './status.ts';

/** One problem and the rule that has it. */
export interface Problem {
  readonly rule: string;
  readonly problem: string | FieldError;
}

/** A person mends the first few; a thousand broken elements need not be listed to say so. */
export const MAX_PROBLEMS = 50;
/** A path, a value and a sentence; a value may be a whole object. */
export const MAX_PROBLEM_LENGTH = 1000;

/**
 * The status of a denial. Field errors alone read like the API server's own: 422 Invalid with complete details.
 * Where there is policy among them it is 403 Forbidden, a line each with the rule's name, since kubectl prints no
 * causes there; the causes go along.
 */
export function denialStatus(review: Review, problems: readonly Problem[]): Status {
  const told = problems.slice(0, MAX_PROBLEMS);
  const more = problems.length - told.length;
  const causes = told.flatMap(({ problem }) => (typeof problem === 'string' ? [] : [causeOf(problem)]));
  // Asked of all, told or not: policy does not become a field error by being the fifty-first.
  if (problems.every(({ problem }) => typeof problem !== 'string')) {
    return invalidStatus(review, more > 0 ? [...causes, untold(more)] : causes);
  }
  const lines = told.map(({ rule, problem }) => `[${rule}] ${problemText(problem)}`);
  if (more > 0) lines.push(`… ${andMore(more)}`);
  return statusOf(403, lines.join('\n'), causes.length === 0 ? undefined : { ...subject(review), causes });
}

/** A problem in one text: policy as it stands, a field error after its path. */
export function problemText(problem: string | FieldError): string {
  return shown(typeof problem === 'string' ? problem : `${problem.field}: ${problem.message}`, MAX_PROBLEM_LENGTH);
}

/** Worded as apimachinery's errors.NewInvalid: brackets only around several. */
function invalidStatus(review: Review, causes: readonly FieldError[]): Status {
  const { kind, group, name } = subject(review);
  const texts = causes.map(({ field, message }) => `${field}: ${message}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const message = `${group === '' ? kind : `${kind}.${group}`} "${name}" is invalid: ${list}`;
  return statusOf(422, message, { name, group, kind, causes });
}

/** A cause, since kubectl prints nothing of a 422 but its causes: `* …: and 7 more problems`. */
function untold(count: number): FieldError {
  return { reason: 'FieldValueInvalid', message: andMore(count), field: '…' };
}

function causeOf({ reason, message, field }: FieldError): FieldError {
  return { reason, message: shown(message, MAX_PROBLEM_LENGTH), field: shown(field, MAX_PROBLEM_LENGTH) };
}

/**
 * By the name in the request, else by the object's own: of a deletecollection the request says none. An object that
 * is still to be named goes by its prefix. The options of a CONNECT have no metadata.
 */
function subject({ kind, name, object }: Review): { name: string; group: string; kind: string } {
  const metadata = (object.metadata ?? {}) as { name?: unknown; generateName?: unknown };
  const known = [name, metadata.name, metadata.generateName].find((text) => typeof text === 'string' && text !== '');
  return { name: shown(String(known ?? ''), 253), group: kind.group, kind: kind.kind };
}

function andMore(count: number): string {
  return `and ${count} more ${count === 1 ? 'problem' : 'problems'}`;
}
