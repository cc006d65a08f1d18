import { itemsOf, listIn } from '../pod/lists.ts';
import { annotate, annotationOf } from '../pod/metadata.ts';
import type { Pod } from '../pod/types.ts';
import { gitSyncContainer } from './container.ts';
import type { Decision } from './decide.ts';
import { contentMount } from './mounts.ts';
import { CONTENT, TMP } from './names.ts';
import { mayListen } from './probe.ts';
import { allowEviction } from './safe-to-evict.ts';
import type { Settings } from './settings.ts';
import { gitSyncVolumes } from './volumes.ts';

type Injection = Extract<Decision, { verdict: 'inject' }>;

/** Adds to the pod what it lacks, each piece at its place in the user's own lists, and changes nothing else. */
export function inject(pod: Pod, { asked, web, lacking }: Injection, settings: Settings): void {
  const { spec } = pod;
  if (!spec) return;
  const volumes = gitSyncVolumes(settings.contentSizeLimit).filter(({ name }) => lacking.volumes.includes(name));
  if (volumes.length > 0) listIn(spec, 'volumes').push(...volumes);
  if (lacking.mount) listIn(web, 'volumeMounts').push(contentMount(asked.contentPath));
  if (lacking.container) {
    const container = gitSyncContainer(asked, settings, !asked.oneTime && mayListen(pod));
    // First, so that the pod's own init containers find the content.
    if (asked.oneTime) listIn(spec, 'initContainers').unshift(container);
    else listIn(spec, 'containers').push(container);
  }
  if (!asked.oneTime) keepDefaultContainer(pod);
  allowEviction(pod, [CONTENT, TMP]);
}

/** With a second container, `kubectl logs` and `exec` would name their choice each time; the pod's first stays theirs. */
function keepDefaultContainer(pod: Pod): void {
  const key = 'kubectl.kubernetes.io/default-container';
  const first = itemsOf(pod.spec?.containers)[0]?.item.name;
  if (annotationOf(pod, key) === undefined && typeof first === 'string') annotate(pod, key, first);
}
