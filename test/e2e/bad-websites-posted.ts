import { KUBIA } from './objects.ts';

/** A Website as somebody posts it: as text, since 1 and 1.0 are two things to an API server, and one to JSON.parse. */
export interface Posted {
  readonly sentence: string;
  readonly body: string;
  /** What `website-source`, which needs no schema, finds as well, `field: message` each; it looks at texts alone. */
  readonly alsoBySource?: readonly string[];
}

/** The document around members of a Website, which may be none. */
export function website(members: string): string {
  const rest = members === '' ? '' : `, ${members}`;
  return `{"apiVersion": "extensions.example.com/v1", "kind": "Website", "metadata": {"name": "web"}${rest}}`;
}

/** By sentence what `members` makes the members of a Website of. */
export function posted(texts: { readonly [sentence: string]: string }, members: (text: string) => string): Posted[] {
  return Object.entries(texts).map(([sentence, text]) => ({ sentence, body: website(members(text)) }));
}

/** The members of a good Website with this status. */
export function withStatus(status: string): string {
  return `"spec": {"gitRepo": "${KUBIA}"}, "status": ${status}`;
}

/** A condition that is in order but for these members; `undefined` leaves one out. */
export function condition(members: { readonly [name: string]: unknown } = {}): string {
  const lastTransitionTime = '2026-01-01T00:00:00Z';
  const condition = { type: 'Ready', status: 'True', lastTransitionTime, reason: 'Served', message: 'is served' };
  return JSON.stringify({ ...condition, ...members });
}

/** The integers from 0 to below the length. */
export function range(length: number): number[] {
  return [...new Array(length).keys()];
}
