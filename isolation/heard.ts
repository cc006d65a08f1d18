import type { Summary } from '../webhook/summary.ts';
import type { FromWorker } from './messages.ts';

/**
 * The message in a frame's header that a worker has sent; undefined for what no worker sends. A rule shares the worker's process
 * and may have written it: nothing in it is taken for granted, and what log and metrics are told names these rules alone.
 */
export function heardFrom(header: unknown, rules: ReadonlySet<string>): FromWorker | undefined {
  if (!isRecord(header)) return undefined;
  const { job, ms, otherMs, isReady, unable, failure, rule, wanted, status, summary } = header;
  if (isReady === true) return { isReady };
  if (isText(unable)) return { unable: unable.slice(0, LONGEST) };
  if (isText(failure)) return { failure: failure.slice(0, LONGEST) };
  if (!isText(job)) return undefined;
  if (isCount(rule)) return rule < rules.size ? { job, rule } : undefined;
  if (!isNumber(ms) || !isNumber(otherMs)) return undefined;
  if (Array.isArray(wanted)) return wanted.every(isWanted) ? { job, ms, otherMs, wanted } : undefined;
  if (isStatus(status) && isSummary(summary, rules)) return { job, ms, otherMs, status, summary };
  return undefined;
}

/** Of a text: a stack fits in, and so do many faults of rules that cannot be loaded. */
const LONGEST = 20_000;

type Json = { readonly [member: string]: unknown };

function isWanted(value: unknown): value is { kind: number; namespace: string; name: string } {
  return isRecord(value) && isCount(value.kind) && isText(value.namespace) && isText(value.name);
}

/** Those of a review that was read (respond.ts). */
function isStatus(value: unknown): value is number {
  return value === 200 || value === 400 || value === 500;
}

function isSummary(value: unknown, known: ReadonlySet<string>): value is Summary {
  if (!isRecord(value)) return false;
  const { verdict, reason, asked, rules } = value;
  return (
    isOneOf(verdict, VERDICTS) &&
    isTextOrNone(reason) &&
    (asked === undefined || isAsked(asked)) &&
    Array.isArray(rules) &&
    rules.every((rule) => isRuleSummary(rule, known))
  );
}

function isAsked(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { uid, operation, kind, resource, namespace, name, user, dryRun } = value;
  return (
    [uid, kind, resource].every(isText) &&
    isOneOf(operation, OPERATIONS) &&
    [namespace, name, user].every(isTextOrNone) &&
    typeof dryRun === 'boolean'
  );
}

function isRuleSummary(value: unknown, known: ReadonlySet<string>): boolean {
  if (!isRecord(value)) return false;
  const { rule, mode, decision, reason, operations, seconds } = value;
  return (
    isText(rule) &&
    known.has(rule) &&
    isOneOf(mode, MODES) &&
    isOneOf(decision, DECISIONS) &&
    isTextOrNone(reason) &&
    isCount(operations) &&
    isNumber(seconds)
  );
}

const VERDICTS: readonly unknown[] = [
  'allowed',
  'patched',
  'denied',
  'failed',
  'malformed',
] satisfies Summary['verdict'][];
const OPERATIONS: readonly unknown[] = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'];
type RuleSummary = Summary['rules'][number];
const MODES: readonly unknown[] = ['enforce', 'warn', 'audit'] satisfies RuleSummary['mode'][];
const DECISIONS: readonly unknown[] = [
  'allow',
  'mutate',
  'deny',
  'skip',
  'failure',
] satisfies RuleSummary['decision'][];

function isOneOf(value: unknown, all: readonly unknown[]): boolean {
  return all.includes(value);
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || isText(value);
}

function isCount(value: unknown): value is number {
  return isNumber(value) && Number.isInteger(value);
}

/** JSON has no others but these and negative ones. */
function isNumber(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}
