import type { KubeVersion } from '../../author.ts';
import { itemsOf, listIn } from '../pod/lists.ts';
import { annotate, annotationOf } from '../pod/metadata.ts';
import type { Pod } from '../pod/types.ts';
import { gitSyncContainer } from './container.ts';
import type { Decision } from './decide.ts';
import { initPlace } from './init-place.ts';
import { modeFor } from './modes.ts';
import { contentMount } from './mounts.ts';
import { CONTAINER, CONTENT, TMP } from './names.ts';
import { allowEviction } from './safe-to-evict.ts';
import type { Settings } from './settings.ts';
import { gitSyncVolumes } from './volumes.ts';
import { DEFAULT_CONTAINER } from './web-container.ts';

type Injection = Extract<Decision, { verdict: 'inject' }>;

/**
 * Adds to the pod what it lacks, each piece at its place in the user's own lists, and changes nothing else.
 * `kubeVersion` is the API server's, where it is known.
 */
export function inject(
  pod: Pod,
  { asked, web, lacking }: Injection,
  settings: Settings,
  kubeVersion: KubeVersion | undefined,
): void {
  const { spec } = pod;
  if (!spec) return;
  const mode = modeFor(pod, asked, { sidecar: settings.sidecar, kubeVersion });
  const volumes = gitSyncVolumes(asked, settings.contentSizeLimit).filter(({ name }) => lacking.volumes.includes(name));
  if (volumes.length > 0) listIn(spec, 'volumes').push(...volumes);
  if (lacking.mount) listIn(web, 'volumeMounts').push(contentMount(asked.content));
  if (lacking.container) {
    const container = gitSyncContainer(pod, asked, mode, settings);
    if (mode === 'classic') listIn(spec, 'containers').push(container);
    else listIn(spec, 'initContainers').splice(initPlace(pod), 0, container);
  }
  if (mode === 'classic') keepDefaultContainer(pod);
  allowEviction(pod, [CONTENT, TMP]);
}

/** With a second container, `kubectl logs` and `exec` would name their choice each time; the pod's first stays theirs. */
function keepDefaultContainer(pod: Pod): void {
  const first = itemsOf(pod.spec?.containers).find(({ item }) => item.name !== CONTAINER)?.item.name;
  if (annotationOf(pod, DEFAULT_CONTAINER) === undefined && typeof first === 'string') {
    annotate(pod, DEFAULT_CONTAINER, first);
  }
}
