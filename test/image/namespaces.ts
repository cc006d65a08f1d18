import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { startProgram } from '../e2e/program.ts';
import { ran } from '../e2e/ran.ts';
import { container, type Mount } from './containers.ts';
import type { Machine } from './machine.ts';
import { npmEnvironment, npmFiles, npmFolder } from './npm.ts';

/** Runs everything in a root, a process tree and mounts of its own, as its user, with a container's capabilities. */
export const namespaces: Machine = {
  name: 'in a container',
  withoutIsolation: false,

  prepare(root) {
    for (const path of SYSTEM) if (isLink(path)) symlinkSync(readlinkSync(path), join(root, path));
    // Node and npm are where the image that this stands in for has them; this hides those of this machine.
    mkdirSync(join(root, LOCAL, 'bin'), { recursive: true });
    symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, LOCAL, 'bin/npm'));
    for (const path of ['lib/node_modules/npm', 'include', 'share']) {
      mkdirSync(join(root, LOCAL, path), { recursive: true });
    }
    writeFileSync(join(root, LOCAL, 'bin/node'), '');
    mkdirSync(join(root, 'tmp'));
    chmodSync(join(root, 'tmp'), 0o1777);
  },

  run(step) {
    const mounts = step.hasSystem ? systemMounts(step.root) : [];
    const env = step.hasSystem ? { ...npmEnvironment, HOME: '/root', ...step.env } : step.env;
    const bounds = { mounts, isReadOnly: false, capabilities: BUILD_CAPABILITIES };
    const { command, args } = container({ ...step, env }, bounds);
    return ran(command, args, { PATH: process.env.PATH });
  },

  async start(command) {
    const { folder, env, user } = command;
    const etc = Object.entries(RUNTIME_FILES).map(([name, text]): Mount => {
      writeFileSync(join(folder, name), text);
      return { source: join(folder, name), target: `/etc/${name}`, isReadOnly: true };
    });
    const bounds = { mounts: [...etc, ...command.mounts], isReadOnly: true, capabilities: [] };
    const program = await startProgram({
      ...container(command, bounds),
      name: 'portcullis',
      folder,
      env: { PATH: process.env.PATH },
    });
    return {
      program,
      entryPid: () => childOf(program.pid),
      end(signal) {
        // Not unshare: its child, which has become another user, would outlive it.
        const child = livingChildOf(program.pid);
        if (child !== undefined) process.kill(child, signal);
        // unshare minds no SIGTERM: it waits for its child, and ends with its code.
        return program.stop('SIGTERM', 60_000);
      },
      exec(words) {
        const [uid = '', gid = ''] = user.split(':');
        const into = ['--target', `${childOf(program.pid)}`, '--mount', '--pid', '--root', '--wd'];
        return ran('/usr/bin/nsenter', [...into, '--setuid', uid, '--setgid', gid, '--', ...words], env);
      },
    };
  },
};

/** What a stage with a system has from this machine. Some are links into others on some distributions. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib64', '/etc'];
const LOCAL = '.usr-local';

function systemMounts(root: string): Mount[] {
  const system = SYSTEM.filter((path) => existsSync(path) && !isLink(path));
  return [
    ...system.map((path) => ({ source: path, target: path, isReadOnly: true })),
    { source: join(root, LOCAL), target: '/usr/local', isReadOnly: true },
    { source: process.execPath, target: '/usr/local/bin/node', isReadOnly: true },
    { source: npmFolder(), target: '/usr/local/lib/node_modules/npm', isReadOnly: true },
    ...(existsSync(npmFiles.userConfig)
      ? [{ source: npmFiles.userConfig, target: '/root/.npmrc', isReadOnly: true }]
      : []),
    ...(existsSync(npmFiles.cache) ? [{ source: npmFiles.cache, target: '/root/.npm' }] : []),
  ];
}

/** Docker's default for a build's commands and for containers that run as root. */
const BUILD_CAPABILITIES = [
  ...['chown', 'dac_override', 'fowner', 'fsetid', 'kill', 'setgid', 'setuid', 'setpcap', 'net_bind_service'],
  ...['net_raw', 'sys_chroot', 'mknod', 'audit_write', 'setfcap'],
];

/** What a container runtime brings along, whatever the image has. */
const RUNTIME_FILES = {
  hosts: '127.0.0.1 localhost\n127.0.0.1 portcullis-0\n',
  'resolv.conf': 'nameserver 127.0.0.1\n',
};

function childOf(pid: number): number {
  const child = livingChildOf(pid);
  if (child === undefined) throw new Error('the container has ended');
  return child;
}

function livingChildOf(pid: number): number | undefined {
  const file = `/proc/${pid}/task/${pid}/children`;
  const [child = ''] = existsSync(file) ? readFileSync(file, 'utf8').split(' ') : [];
  return child === '' ? undefined : Number(child);
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
