import { type FieldError, forbidden, invalid } from '../../author.ts';
import type { Pod } from '../pod/types.ts';
import { withoutPastedCredentials } from '../website/git-repo.ts';
import { fieldOf, hasAnnotation } from './annotations.ts';
import { type Fetched, type FetchSettings, fetchedFrom, type Place } from './fetched.ts';
import { ANNOTATIONS } from './fetched-by-pod.ts';
import { WEBSITE_LABEL } from './routing.ts';

/** What a pod's label names, and what was found of that name. */
export interface WebsiteOfPod {
  /** As the label says it: a text, unless the review was written by hand. */
  readonly name: unknown;
  /** Undefined where there is none. */
  readonly website: unknown;
}

/**
 * What the Website that a pod names says is fetched, and why that cannot be had: there is none, it is on its way out, what
 * it says is not or no longer allowed, or the pod has annotations of its own for the same. The errors are the pod's, and
 * name the Website.
 */
export function fetchedByWebsite(
  pod: Pod,
  { name, website }: WebsiteOfPod,
  settings: FetchSettings | undefined,
): ReturnType<typeof fetchedFrom> {
  const { metadata, spec } = recordOf(website);
  const { fetched, problems } = fetchedFrom(placesIn(recordOf(spec)), { settings, whichRepo: () => '' });
  const shown = typeof name === 'string' ? withoutPastedCredentials(name) : name;
  const refused = (sentence: string): FieldError => invalid(`metadata.labels[${WEBSITE_LABEL}]`, shown, sentence);
  const own = ownWords(pod, typeof shown === 'string' ? ` (${shown})` : '');
  if (website === undefined) return { fetched, problems: [refused(nothingCalled(name)), ...own] };
  if (recordOf(metadata).deletionTimestamp != null) {
    return { fetched, problems: [refused('the Website of that name is being deleted'), ...own] };
  }
  const faults = problems.map(({ field, message }) => {
    return refused(`the Website of that name cannot be served: ${field}: ${message}`);
  });
  return { fetched, problems: [...faults, ...own] };
}

function nothingCalled(name: unknown): string {
  if (typeof name !== 'string' || name === '') return 'must be the name of a Website in the namespace of the pod';
  return 'there is no Website of that name in the namespace of the pod';
}

function placesIn(spec: { readonly [member: string]: unknown }): { [part in keyof Fetched]: Place } {
  const at = (member: string): Place => ({ value: spec[member] ?? undefined, field: `spec.${member}` });
  const { secretName } = recordOf(spec.credentials);
  return {
    repo: at('gitRepo'),
    ref: at('ref'),
    period: at('period'),
    depth: { ...at('depth'), type: 'integer' },
    submodules: at('submodules'),
    secret: { value: secretName ?? undefined, field: 'spec.credentials.secretName' },
  };
}

/** Two voices for one thing: neither is passed over in silence. */
function ownWords(pod: Pod, which: string): FieldError[] {
  const said = Object.values(ANNOTATIONS).filter((annotation) => hasAnnotation(pod, annotation));
  const problem = `may not be set where the label ${WEBSITE_LABEL} is: the Website says it${which}`;
  return said.map((annotation) => forbidden(fieldOf(annotation), problem));
}

function recordOf(value: unknown): { readonly [member: string]: unknown } {
  return typeof value === 'object' && value !== null ? (value as { readonly [member: string]: unknown }) : {};
}
