import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import type { Command } from './machine.ts';

/** A file or folder of this machine, and where it appears in a container. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly isReadOnly?: boolean;
}

/** How much a container may do. */
export interface Bounds {
  readonly mounts: readonly Mount[];
  readonly isReadOnly: boolean;
  /** What a process in it may ever get, in the names of capabilities(7), small and without CAP_. */
  readonly capabilities: readonly string[];
}

/** For `spawn`: `unshare`, which becomes a container's parent, and its arguments; its own environment does not matter. */
export function container(
  { root, command, workingFolder, env, user }: Command,
  { mounts, isReadOnly, capabilities }: Bounds,
): { readonly command: string; readonly args: readonly string[] } {
  const [uid = '', gid = ''] = user.split(':');
  // To become that user in that root takes these three; whoever is not root keeps none of them.
  const bounds = ['-all', ...new Set(['sys_chroot', 'setuid', 'setgid', ...capabilities].map((name) => `+${name}`))];
  const args = [
    ...['--mount', '--pid', '--fork', '--kill-child', '/bin/sh', '-euc', MOUNT_AND_EXECUTE, 'sh'],
    root,
    isReadOnly ? 'ro' : 'rw',
    ...mounts.flatMap(({ source, target, isReadOnly }) => [source, target, isReadOnly ? 'ro' : 'rw']),
    '--',
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...[SETPRIV, '--no-new-privs', '--bounding-set', bounds.join(',')],
    ...[UNSHARE, `--root=${root}`, `--wd=${workingFolder}`, '--setgid', gid, '--setuid', uid, '--'],
    ...command,
  ];
  return { command: UNSHARE, args };
}

const UNSHARE = '/usr/bin/unshare';
const SETPRIV = '/usr/bin/setpriv';

/** A bind mount is made read-only by a second step; where it is to be is made first, as container runtimes do. */
const MOUNT_AND_EXECUTE = `
root=$1 mode=$2
shift 2
mount --bind "$root" "$root"
mkdir -p "$root/proc" "$root/dev"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
while [ "$1" != -- ]; do
  if [ -d "$1" ]; then mkdir -p "$root$2"; else mkdir -p "$root\${2%/*}"; [ -e "$root$2" ] || : >"$root$2"; fi
  mount --bind "$1" "$root$2"
  [ "$3" = rw ] || mount -o remount,bind,ro "$root$2"
  shift 3
done
shift
[ "$mode" = rw ] || mount -o remount,bind,ro "$root"
exec env -i "$@"
`;

/** Why this process cannot make containers, or false: it takes root on Linux, util-linux, and the permission to mount. */
export function withoutContainers(): string | false {
  if (process.platform !== 'linux') return `containers are Linux', and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'containers take root';
  const script = `mount --bind "$1" "$1" && mount -t proc proc /proc && ${SETPRIV} --no-new-privs --bounding-set -all true`;
  const tried = spawnSync(UNSHARE, ['--mount', '--pid', '--fork', '/bin/sh', '-euc', script, 'sh', tmpdir()]);
  return tried.status !== 0 && `containers cannot be made here: ${tried.error?.message ?? tried.stderr}`;
}
