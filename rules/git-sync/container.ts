import type { Container, VolumeMount } from '../pod/types.ts';
import type { Asked } from './asked.ts';
import { linkOf } from './content-path.ts';
import { CONTAINER, CONTENT, TMP } from './names.ts';
import { HTTP_BIND, probed } from './probe.ts';
import type { Settings } from './settings.ts';

/**
 * The container that fetches, a new object at every call; `isProbed` makes a pod wait for it until it is ready. It
 * satisfies the Pod Security Standard `restricted`, whatever the pod says of itself; 65533 is the user of git-sync's
 * image (injection.md §1.1, §1.7).
 */
export function gitSyncContainer(
  asked: Asked,
  settings: Pick<Settings, 'image' | 'resources'>,
  isProbed: boolean,
): Container {
  return {
    name: CONTAINER,
    image: settings.image,
    args: [...argsFor(asked), ...(isProbed ? [HTTP_BIND] : [])],
    ...(isProbed ? probed() : {}),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsGroup: 65533,
      runAsNonRoot: true,
      runAsUser: 65533,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    resources: structuredClone(settings.resources) as NonNullable<Container['resources']>,
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: volumeMounts(),
  };
}

/**
 * git-sync's command line, but for where it listens. Arguments and not environment variables: git-sync passes over a
 * variable that it does not know, and an argument that it does not know ends it, visibly.
 */
export function argsFor(asked: Asked): string[] {
  return [
    `--repo=${asked.repo}`,
    `--ref=${asked.ref}`,
    // Below the mount point and not it: git-sync must own its root, and may empty it.
    '--root=/git/root',
    `--link=/git/${linkOf(asked.contentPath)}`,
    `--depth=${asked.depth}`,
    `--submodules=${asked.submodules}`,
    ...(asked.oneTime ? ['--one-time'] : [`--period=${asked.period}`]),
    // A repository that cannot be fetched at all is seen as a failing container; a later outage is sat out.
    '--init-period=5s',
    '--init-max-failures=5',
    '--max-failures=-1',
  ].map(literal);
}

function volumeMounts(): VolumeMount[] {
  return [
    { name: CONTENT, mountPath: '/git' },
    { name: TMP, mountPath: '/tmp' },
  ];
}

/** The kubelet expands `$(NAME)` in arguments and reads `$$` as one dollar: doubled, every dollar stays itself. */
function literal(argument: string): string {
  return argument.replaceAll('$', '$$$$');
}
