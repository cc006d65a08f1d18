import type { FieldError } from '../../author.ts';
import { itemsOf } from '../pod/lists.ts';
import { labelOf } from '../pod/metadata.ts';
import { type Skipped, skipped, skippedByLabel } from '../pod/skipped.ts';
import type { Container, Pod } from '../pod/types.ts';
import { type Asked, askedBy, type FetchSettings } from './asked.ts';
import { findGitSync } from './find-container.ts';
import { hasContentMount, mountConflicts } from './mounts.ts';
import { LABEL } from './routing.ts';
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

/**
 * Decides in the order of injection.md §2.4; both rules ask here, so they cannot disagree. Without `settings` a
 * repository may be on any host, and have submodules.
 */
export function decide(pod: Pod, settings?: FetchSettings): Decision {
  return whyNot(pod) ?? byContents(pod, settings);
}

function whyNot(pod: Pod): Decision | undefined {
  const byLabel = skippedByLabel(pod, LABEL);
  if (byLabel !== undefined) return byLabel;
  if (labelOf(pod, LABEL) === undefined) return skipped('not_requested', `the pod has no label ${LABEL}`);
  if (isWindows(pod)) return skipped('windows', 'git-sync has no image for Windows');
  // The API server is about to refuse such a pod for a better reason than any of ours.
  if (itemsOf(pod.spec?.containers).length === 0) return skipped('no_containers', 'the pod has no containers');
  return undefined;
}

function byContents(pod: Pod, settings: FetchSettings | undefined): Decision {
  const { asked, problems } = askedBy(pod, settings);
  // While an annotation is wrong it is not known what is asked for, so no container is compared with it.
  if (problems.length > 0) return refuse([...problems, ...volumeConflicts(pod)]);
  const web = webContainer(pod, asked);
  const found = findGitSync(pod, asked);
  const mounts = web ? mountConflicts(web.item, `spec.containers[${web.index}]`, asked.contentPath) : [];
  const conflicts = [...found.conflicts, ...mounts, ...volumeConflicts(pod)];
  if (conflicts.length > 0) return refuse(conflicts);
  if (web === undefined) return skipped('no_containers', 'the pod has no container that could get the content');
  const lacking = {
    container: !found.there,
    volumes: lackingVolumes(pod),
    mount: !hasContentMount(web.item, asked.contentPath),
  };
  const complete = !lacking.container && lacking.volumes.length === 0 && !lacking.mount;
  if (complete) return skipped('already_injected', 'the pod has its git-sync');
  return { verdict: 'inject', asked, web: web.item, lacking };
}

function refuse(problems: FieldError[]): Decision {
  return { verdict: 'deny', problems: problems as [FieldError, ...FieldError[]] };
}
