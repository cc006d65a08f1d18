import type { FieldError } from '../../author.ts';
import { itemsOf } from '../pod/lists.ts';
import { labelOf } from '../pod/metadata.ts';
import { type Skipped, skipped, skippedByLabel } from '../pod/skipped.ts';
import type { Container, Pod } from '../pod/types.ts';
import { hasAnnotation } from './annotations.ts';
import { type Asked, askedBy } from './asked.ts';
import { credentialsElsewhere } from './credentials.ts';
import type { FetchSettings } from './fetched.ts';
import { findGitSync } from './find-container.ts';
import { hasContentMount, mountConflicts } from './mounts.ts';
import { LABEL, WEBSITE_LABEL } from './routing.ts';
import { lackingVolumes, volumeConflicts } from './volumes.ts';
import { webContainer } from './web-container.ts';
import { isWindows } from './windows.ts';

/**
 * What becomes of a pod. A refusal carries every problem at once. Where something is to be added, `web` is the pod's
 * own container that gets the content.
 */
export type Decision =
  | { verdict: 'inject'; asked: Asked; web: Container; lacking: Lacking }
  | Skipped
  | { verdict: 'deny'; problems: [FieldError, ...FieldError[]] };

/** What the pod does not have yet: nearly always all of it, unless a webhook or a copy left some. */
export interface Lacking {
  readonly container: boolean;
  readonly volumes: readonly string[];
  readonly mount: boolean;
}

/** What is known besides the pod. */
export interface Known {
  /** Which selector brought the pod here; `namespace` where its namespace asks, and not the pod. */
  readonly selector: string | undefined;
  /** What was found of the name that `websiteNamedBy` says. */
  readonly website?: unknown;
  /** Without them a repository may be on any host, have submodules, and be fetched as often as a Website may say. */
  readonly settings?: FetchSettings;
}

/** Decides in the order of injection.md §2.4; all rules ask here, so they cannot disagree. */
export function decide(pod: Pod, known: Known): Decision {
  return whyNot(pod, known.selector) ?? byContents(pod, known);
}

/** The name of the Website that has to be looked up before it can be decided, where there is one. */
export function websiteNamedBy(pod: Pod, selector: string | undefined): string | undefined {
  const name = labelOf(pod, WEBSITE_LABEL);
  return typeof name === 'string' && whyNot(pod, selector) === undefined ? name : undefined;
}

function whyNot(pod: Pod, selector: string | undefined): Skipped | undefined {
  const byLabel = skippedByLabel(pod, LABEL);
  if (byLabel !== undefined) return byLabel;
  if (!asksItself(pod)) {
    if (selector !== 'namespace') return skipped('not_requested', `the pod has no label ${LABEL}`);
    // A namespace asks for the pods that say which repository: only they can be meant.
    if (!hasAnnotation(pod, 'git-repo')) return skipped('not_requested', 'the pod says no repository');
  }
  if (isWindows(pod)) return skipped('windows', 'git-sync has no image for Windows');
  // The API server is about to refuse such a pod for a better reason than any of ours.
  if (itemsOf(pod.spec?.containers).length === 0) return skipped('no_containers', 'the pod has no containers');
  return undefined;
}

function asksItself(pod: Pod): boolean {
  return labelOf(pod, LABEL) !== undefined || labelOf(pod, WEBSITE_LABEL) !== undefined;
}

function byContents(pod: Pod, known: Known): Decision {
  const { asked, problems } = askedBy(pod, known);
  // While it is not known what is asked for, no container is compared with it.
  if (problems.length > 0) return refuse([...problems, ...volumeConflicts(pod)]);
  const web = webContainer(pod, asked);
  const found = findGitSync(pod, asked);
  const mounts = web ? mountConflicts(web.item, `spec.containers[${web.index}]`, asked.content) : [];
  const volumes = volumeConflicts(pod, asked.fetched.secret);
  const conflicts = [...found.conflicts, ...mounts, ...volumes, ...credentialsElsewhere(pod)];
  const lacking = {
    container: !found.there,
    volumes: lackingVolumes(pod, asked),
    mount: web === undefined || !hasContentMount(web.item, asked.content),
  };
  const complete = !lacking.container && lacking.volumes.length === 0 && !lacking.mount;
  // What is in the way of a git-sync that is there came after it.
  if (conflicts.length > 0) return complete || asksItself(pod) ? refuse(conflicts) : passedOver(conflicts);
  if (web === undefined) return skipped('no_containers', 'the pod has no container that could get the content');
  if (complete) return skipped('already_injected', 'the pod has its git-sync');
  return { verdict: 'inject', asked, web: web.item, lacking };
}

function refuse(problems: FieldError[]): Decision {
  return { verdict: 'deny', problems: problems as [FieldError, ...FieldError[]] };
}

/** The pod came before what its namespace asks for: it stays as it is. */
function passedOver(conflicts: readonly FieldError[]): Skipped {
  const fields = conflicts.map(({ field }) => field).join(', ');
  return skipped('conflict', `the pod has something of its own at ${fields}`);
}
