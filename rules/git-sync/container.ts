import type { Container, Pod, VolumeMount } from '../pod/types.ts';
import type { Asked } from './asked.ts';
import { shownCredentials } from './credentials.ts';
import type { Mode } from './modes.ts';
import { CONTAINER, CONTENT, TMP } from './names.ts';
import { startupProbe } from './probe.ts';
import { resourcesWithin } from './resources.ts';
import { GIT_SYNC_TIMEOUT, type Settings } from './settings.ts';
import { unexpanded } from './unexpanded.ts';

/**
 * The container that fetches, a new object at every call. It satisfies the Pod Security Standard `restricted`, whatever
 * the pod says of itself, and has no token of the pod's (injection.md §1.7, §2.3).
 */
export function gitSyncContainer(
  pod: Pod,
  asked: Asked,
  mode: Mode,
  settings: Pick<Settings, 'fetchTimeoutSeconds' | 'image' | 'resources' | 'runAsUser'>,
): Container {
  const { env } = shownCredentials(asked.fetched);
  const { fetchTimeoutSeconds } = settings;
  const isUsual = fetchTimeoutSeconds === GIT_SYNC_TIMEOUT;
  return {
    name: CONTAINER,
    image: settings.image,
    ...(mode === 'native' ? { restartPolicy: 'Always' } : {}),
    args: [...argsFor(asked, mode), ...(isUsual ? [] : [`--sync-timeout=${fetchTimeoutSeconds}s`])],
    ...(env.length === 0 ? {} : { env }),
    ...(mode === 'once' ? {} : { startupProbe: startupProbe(`/git/${asked.content.link}`, fetchTimeoutSeconds) }),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      ...user(settings.runAsUser),
      seccompProfile: { type: 'RuntimeDefault' },
    },
    resources: resourcesWithin(pod.spec?.resources, settings.resources),
    terminationMessagePolicy: 'FallbackToLogsOnError',
    // The API server mounts the pod's token where nothing is yet (its ServiceAccount admission): git-sync has no use for it.
    volumeMounts: [...neededMounts(asked), { name: TMP, mountPath: TOKEN, readOnly: true }],
  };
}

/**
 * git-sync's command line, but for how long it may take. Arguments and not environment variables: git-sync passes over a variable that it does not
 * know, and an argument that it does not know ends it, visibly.
 */
export function argsFor({ fetched, content }: Asked, mode: Mode): string[] {
  return [
    `--repo=${fetched.repo}`,
    `--ref=${fetched.ref}`,
    // Below the mount point and not it: git-sync must own its root, and may empty it.
    '--root=/git/root',
    `--link=/git/${content.link}`,
    `--depth=${fetched.depth}`,
    `--submodules=${fetched.submodules}`,
    ...(mode === 'once' ? ['--one-time'] : [`--period=${fetched.period}`]),
    // A repository that cannot be fetched at all is seen as a failing container; a later outage is sat out.
    '--init-period=5s',
    '--init-max-failures=5',
    '--max-failures=-1',
    ...shownCredentials(fetched).args,
  ].map(unexpanded);
}

/** What it cannot work without, new objects at every call. */
export function neededMounts({ fetched }: Pick<Asked, 'fetched'>): VolumeMount[] {
  return [
    { name: CONTENT, mountPath: '/git' },
    { name: TMP, mountPath: '/tmp' },
    ...shownCredentials(fetched).volumeMounts,
  ];
}

const TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The group is that of git-sync's image, whose files other users reach by it (injection.md §1.1). */
function user(runAsUser: Settings['runAsUser']): { runAsUser?: number; runAsGroup?: number } {
  return runAsUser === null ? {} : { runAsUser, runAsGroup: 65533 };
}
