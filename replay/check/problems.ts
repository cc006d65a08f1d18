import type { Call } from '../chain.ts';
import { below, fieldAtStart, locate } from './field-path.ts';
import type { Manifest } from './manifests.ts';
import type { CheckedRequest } from './sent.ts';

/** Something that is wrong with an object, or that its user is warned of. */
export interface Problem {
  readonly isWarning: boolean;
  /** Of the value that is wrong; of the object where no field is named. */
  readonly line: number;
  /** As it is called in the manifest; undefined where it is about the whole object. */
  readonly field: string | undefined;
  readonly message: string;
  /** The rule that says so; the webhook where no rule is named. */
  readonly by: string | undefined;
}

/** What an answer says, before it is known where that stands. */
interface Said {
  readonly isWarning: boolean;
  readonly field?: string;
  readonly message: string;
  readonly by: string;
  /** What the field is a field of. */
  readonly object: unknown;
}

/** All that the webhooks, and the schema of a CRD, say against a request, each once, and the warnings. */
export function problemsOf(request: CheckedRequest, manifest: Manifest): Problem[] {
  const { chain, sent } = request;
  if (chain === undefined) return [];
  const schema = chain.schemaErrors.map(({ field, message }) => {
    // The object of this moment is not kept; what the mutating webhooks made of it is what the last of them was answered.
    const last = chain.calls.findLast(({ verdict }) => verdict.kind === 'patched')?.verdict;
    const object = last?.kind === 'patched' ? last.object : sent;
    const by = field.startsWith('metadata.') ? 'the API server' : 'the schema of its CRD';
    return { isWarning: false, field, message, by, object };
  });
  const said = [...chain.calls.flatMap(saidBy), ...schema].map((one) => problemOf(one, request, manifest));
  return [...new Map(said.map((problem) => [JSON.stringify(problem), problem])).values()];
}

function saidBy(call: Call): Said[] {
  const { verdict, request, webhook } = call;
  const object = request.object ?? request.oldObject;
  if (verdict.kind === 'call-failure' || verdict.kind === 'internal-error') {
    const isWarning = verdict.kind === 'call-failure' && verdict.continues;
    return [{ isWarning, message: verdict.message, by: webhook.name, object }];
  }
  const warnings = verdict.warnings.map((text) => ({ isWarning: true, ...ruleAndText(text, webhook.name), object }));
  return verdict.kind === 'rejected' ? [...denials(call, object), ...warnings] : warnings;
}

/** Field errors alone are told by their causes, everything else by lines (webhook/denial.ts). */
function denials({ reviewed, webhook }: Call, object: unknown): Said[] {
  const { response } = JSON.parse(reviewed.body) as { response: { status: Status } };
  const { message = '', code, details } = response.status;
  if (code === 422 && details?.causes !== undefined) {
    return details.causes.map(({ field, message }) => {
      const rule = reviewed.reports.find(({ outcome }) => {
        return (
          outcome.decision === 'deny' && outcome.problems.some((one) => typeof one !== 'string' && one.field === field)
        );
      });
      return { isWarning: false, field, message, by: rule?.entry.rule.name ?? webhook.name, object };
    });
  }
  const lines = message.split(/\n(?=\[|…)/);
  return lines.map((line) => ({ isWarning: false, ...ruleAndText(line, webhook.name), object }));
}

interface Status {
  readonly code?: number;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly field: string; readonly message: string }[] };
}

function ruleAndText(text: string, otherwise: string): { by: string; message: string } {
  const [, by = otherwise, message = text] = /^\[([\w.-]+)\] (.*)$/s.exec(text) ?? [];
  return { by, message };
}

function problemOf(
  { isWarning, field, message, by, object }: Said,
  { at, sent }: CheckedRequest,
  manifest: Manifest,
): Problem {
  const named = field === undefined ? fieldAtStart(message, object) : field === '<nil>' ? '' : field;
  const located = locate(named ?? '', object, at.length === 0 ? manifest.object : sent);
  const isLed = field === undefined && named !== undefined && message.startsWith(`${named}: `);
  const whole = below(at, field === undefined && !isLed ? '' : located.field);
  return {
    isWarning,
    line: manifest.lineOf([...at, ...located.path]),
    field: whole === '' ? undefined : whole,
    message: isLed ? message.slice(`${named}: `.length) : message,
    by,
  };
}
