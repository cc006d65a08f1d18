import type { Call, Chain } from '../../../replay/chain.ts';
import type { KubeObject } from '../../../replay/cluster.ts';

/** A denial in an answer of a webhook, as far as kubectl prints it. */
interface Status {
  readonly reason: string;
  readonly message: string;
  readonly details?: {
    readonly name: string;
    readonly kind: string;
    readonly causes: readonly { readonly field: string; readonly message: string }[];
  };
}

/** The lines in which kubectl prints the warnings of these answers, each once, sorted: webhooks are asked at the same time. */
export function warningLines(calls: readonly Call[]): string[] {
  const warnings = calls.flatMap(({ verdict }) => ('warnings' in verdict ? verdict.warnings : []));
  return [...new Set(warnings)].map((warning) => `Warning: ${warning}`).sort();
}

/**
 * What kubectl prints of each denial among these answers (protocol.md §3.2); the API server passes on one. `verb` is what it
 * does: `creating`.
 */
export function denials(calls: readonly Call[], verb: string): string[] {
  return calls
    .filter(({ verdict }) => verdict.kind === 'rejected')
    .map(({ webhook, reviewed }) => {
      const { status } = (JSON.parse(reviewed.body) as { response: { status: Status } }).response;
      if (status.reason === 'Invalid') return invalid(status);
      const text = `admission webhook "${webhook.name}" denied the request: ${status.message}`;
      return `Error from server (${status.reason}): error when ${verb} "STDIN": ${text}\n`;
    });
}

/** What kubectl prints where the API server itself refuses the object between the phases; none where it does not. */
export function ownRefusal({ schemaErrors }: Chain, { kind, metadata }: KubeObject): string[] {
  if (schemaErrors.length === 0) return [];
  return [invalid({ details: { name: metadata.name ?? '', kind, causes: schemaErrors } })];
}

/** The names of the object and of its fields, and nothing of the message or of the webhook. */
function invalid({ details }: Pick<Status, 'details'>): string {
  const causes = [...new Set(details?.causes.map(({ field, message }) => `${field}: ${message}`))];
  const subject = `The ${details?.kind} "${details?.name}" is invalid: `;
  return causes.length === 1
    ? `${subject}${causes[0]}\n`
    : `${subject}\n${causes.map((cause) => `* ${cause}\n`).join('')}`;
}
