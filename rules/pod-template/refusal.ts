import type { FieldError } from '../../author.ts';
import { WEBSITE_LABEL } from '../git-sync/routing.ts';
import { labelOf } from '../pod/metadata.ts';
import { withoutPastedCredentials } from '../website/git-repo.ts';
import type { PodInside } from './pod-inside.ts';
import type { Workload } from './workloads.ts';

/**
 * That the workload's pods would be refused, and why, a warning each. A warning is cut at 120 characters: so the sentence
 * stands in one of its own, and no problem repeats a value that its author can see.
 */
export function refusal({ kind, metadata }: Workload, inside: PodInside, problems: readonly FieldError[]): string[] {
  const { name } = metadata;
  const workload = typeof name === 'string' && name !== '' && name.length <= 63 ? `${kind} ${name}` : `this ${kind}`;
  const website = websiteOf(inside);
  const ofWebsite = ({ field }: FieldError): boolean => website !== '' && field === `metadata.labels[${WEBSITE_LABEL}]`;
  // Whoever applies a folder may have it come with the next file: until then is not for ever.
  const until = problems.every(ofWebsite) ? ` until ${website} is in order` : '';
  const reasons = problems.map((problem) => {
    const place = ofWebsite(problem) ? website : inside.fieldIn(problem.field);
    return `${place}: ${withoutValue(problem.message)}`;
  });
  return [`the pods of ${workload} would be refused${until}`, ...reasons];
}

/** '' where the template names none. */
function websiteOf({ pod }: PodInside): string {
  const name = labelOf(pod, WEBSITE_LABEL);
  return typeof name === 'string' && name !== '' ? `Website ${withoutPastedCredentials(name)}` : '';
}

/** What is wrong with the value, or what there is in its place. */
function withoutValue(message: string): string {
  return message.replace(/^(?:Invalid|Unsupported) value: "(?:[^"\\]|\\.)*": /, '');
}
