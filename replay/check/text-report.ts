import { decisionOf } from '../../webhook/report.ts';
import type { Chain } from '../chain.ts';
import type { KubeObject } from '../cluster.ts';
import { type Line, plainLine, tonedLine } from '../reports/line.ts';
import type { Check, CheckedObject } from './check.ts';
import { countOf } from './count.ts';
import { called } from './manifests.ts';
import type { Problem } from './problems.ts';
import type { CheckedRequest } from './sent.ts';
import { unifiedDiff } from './unified-diff.ts';

/** How a report is to be written. */
export interface TextOptions {
  /** With every object, what each rule decided of it, and what is not known here. */
  readonly isVerbose: boolean;
  /** With what webhooks change, as diffs. */
  readonly hasDiffs: boolean;
}

/** What people read: a line for each problem, which begins with file and line as editors know them, and what it comes to. */
export function textReport(check: Check, options: TextOptions): Line[] {
  const unread = check.unread.map(({ file, line, reason }) => {
    return tonedLine('bad', `${file}${line === undefined ? '' : `:${line}`}: ${reason}`);
  });
  const lines = [...unread, ...check.objects.flatMap((object) => objectLines(object, options))];
  const unknown = options.isVerbose ? check.unknownNamespaces : [];
  return [
    ...lines,
    ...unknown.map((name) => tonedLine('aside', `no Namespace ${name} is given: it is taken to have no labels`)),
    ...(lines.length + unknown.length > 0 ? [plainLine('')] : []),
    summary(check),
  ];
}

function objectLines(object: CheckedObject, { isVerbose, hasDiffs }: TextOptions): Line[] {
  const { manifest, problems, requests } = object;
  const diffs = hasDiffs ? requests.flatMap((request) => diffLines(object, request)) : [];
  if (!isVerbose) return [...problems.map((problem) => problemLine(object, problem)), ...diffs];
  const place = `${manifest.file}:${manifest.lineOf([])}: ${called(manifest.object)}`;
  return [
    tonedLine('title', `${place}: ${outcome(object)}`),
    ...problems.map((problem) => problemLine(object, problem)),
    ...requests.flatMap((request) => requestLines(request)),
    ...diffs,
  ];
}

function problemLine({ manifest }: CheckedObject, { isWarning, line, field, message, by }: Problem): Line {
  const subject = `${manifest.file}:${line}: ${isWarning ? 'warning: ' : ''}${called(manifest.object)}`;
  const text = [subject, ...(field === undefined ? [] : [field]), message].join(': ').replace(/\s*\n\s*/g, ' ');
  return tonedLine(isWarning ? 'warning' : 'bad', by === undefined ? text : `${text} [${by}]`);
}

function outcome({ isRefused, isAsked, requests }: CheckedObject): string {
  if (isRefused) return 'refused';
  if (!isAsked) return 'nobody is asked';
  return requests.some(({ chain }) => chain?.verdict === 'patched') ? 'admitted, and changed' : 'admitted';
}

function requestLines({ operation, at, chain, missed, sent }: CheckedRequest): Line[] {
  const what = at.length === 0 ? operation : `${operation} of the Pods of ${at.join('.')}`;
  if (chain === undefined) {
    return [aside(`${what}: no rule and no CustomResourceDefinition is for ${sent.apiVersion} ${sent.kind}`)];
  }
  return [
    ...chain.calls.flatMap(({ webhook, reviewed }) =>
      reviewed.reports.map((report) => {
        const { outcome, entry } = report;
        const why = outcome.decision === 'skip' ? `: ${outcome.reason}, ${outcome.sentence}` : '';
        return aside(`${what}: ${webhook.name}: ${entry.rule.name}: ${decisionOf(report)}${why}`);
      }),
    ),
    ...notAsked(chain).map((reason) => aside(`${what}: ${reason}`)),
    ...chain.notEvaluated.map((text) => aside(`${what}: not evaluated: ${text}`)),
    ...missed.map((text) => aside(`${what}: looked up, and taken not to exist: ${text}`)),
  ];
}

/** That a webhook is for something else is worth a line only once. */
function notAsked({ calls, notCalled, schemaErrors }: Chain): string[] {
  if (schemaErrors.length > 0) return ['the API server refuses it, and no validating webhook is asked'];
  const others = notCalled.flatMap(({ reason }) => / is not for (.*)$/.exec(reason)?.[1] ?? []);
  const reasons = notCalled.map(({ reason }) => reason).filter((reason) => !reason.includes(' is not for '));
  const isNobody = calls.length === 0 && reasons.length === 0;
  return [
    ...new Set(reasons.map((reason) => `not asked: ${reason}`)),
    ...(others[0] === undefined ? [] : [`no ${isNobody ? '' : 'other '}webhook is for ${others[0]}`]),
  ];
}

function aside(text: string): Line {
  return tonedLine('aside', `  ${text}`);
}

function diffLines({ manifest }: CheckedObject, { at, sent, chain }: CheckedRequest): Line[] {
  if (chain?.verdict !== 'patched') return [];
  const subject = `${called(manifest.object)}${at.length === 0 ? '' : ` ${at.join('.')}`}`;
  const place = `${manifest.file}:${manifest.lineOf(at)} ${subject}`;
  const lines = unifiedDiff(named(sent, chain.object), chain.object).map((text) =>
    tonedLine(TONES[text.charAt(0)] ?? 'plain', text),
  );
  return [tonedLine('title', `--- ${place}`), tonedLine('title', `+++ ${place}, after the webhooks`), ...lines];
}

/** A generated name is the API server's own addition. */
function named(sent: KubeObject, stored: KubeObject | null): KubeObject {
  const name = stored?.metadata.name;
  return sent.metadata.name !== undefined || name === undefined
    ? sent
    : { ...sent, metadata: { ...sent.metadata, name } };
}

const TONES: { readonly [sign: string]: Line['tone'] } = { '-': 'bad', '+': 'good', '@': 'aside' };

function summary(check: Check): Line {
  const { objects, refused, changed, notAsked, notEvaluated, warnings, unread } = countOf(check);
  const admitted = refused === 0 ? 'all admitted' : `${refused} refused, ${objects - refused} admitted`;
  const parts = [
    objects === 0 ? 'no objects' : `${counted(objects, 'object')}: ${admitted}`,
    ...(changed > 0 ? [`${changed} changed`] : []),
    ...(notAsked > 0 ? [`nobody is asked about ${notAsked}`] : []),
    ...(notEvaluated > 0 ? [`${notEvaluated} not evaluated in full (-v says why)`] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
    ...(unread > 0 ? [`${unread} could not be read`] : []),
  ];
  const tone = refused > 0 || unread > 0 ? 'bad' : warnings > 0 ? 'warning' : 'good';
  return tonedLine(tone, parts.join(', '));
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
