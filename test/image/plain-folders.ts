import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { startProgram } from '../e2e/program.ts';
import { type Outcome, ran } from '../e2e/ran.ts';
import type { Mount } from './containers.ts';
import type { Command, Machine } from './machine.ts';
import { npmEnvironment } from './npm.ts';

/**
 * Where there can be no containers: runs the same commands in plain folders, as the current user, with absolute paths
 * rewritten to lie below the root. Node and the libraries are this machine's, so that nothing is collected for the image.
 */
export function plainFolders(withoutIsolation: string): Machine {
  return {
    name: 'in plain folders',
    withoutIsolation,
    prepare() {},

    run(step) {
      const [program, flag, script = ''] = step.command;
      if (program !== '/bin/sh' || flag !== '-c') return inNode(step);
      if (/\bldd\b/.test(script)) return inShell(step, 'true');
      return inShell(step, script.replaceAll(/(?<=[\s>])\/(?=\w)/g, `${step.root}/`));
    },

    async start(command) {
      const { root, env, mounts, folder, workingFolder } = command;
      const [entry = '', ...args] = command.command;
      const cwd = join(root, workingFolder);
      place(root, mounts);
      const own = below(root, env);
      const given = [join(root, entry), ...args];
      const invocation = { name: 'portcullis', command: process.execPath, args: given, folder, cwd, env: own };
      const program = await startProgram(invocation);
      return {
        program,
        entryPid: () => program.pid,
        end: (signal) => program.stop(signal, 60_000),
        exec: (command) => inNode({ root, workingFolder, env: own, command }),
      };
    },
  };
}

type Placed = Pick<Command, 'root' | 'command' | 'workingFolder' | 'env'>;

function inShell({ root, workingFolder }: Placed, script: string): Promise<Outcome> {
  const { HOME, PATH = '' } = process.env;
  const env = { ...npmEnvironment, HOME, PATH: [dirname(process.execPath), PATH].join(delimiter) };
  return ran('/bin/sh', ['-c', `cd "$0" && ${script}`, join(root, workingFolder)], env);
}

/** A program of the image is a script for Node; its first line names a Node that is not there. */
function inNode({ root, workingFolder, env, command: [name = '', ...args] }: Placed): Promise<Outcome> {
  const folders = name.startsWith('/') ? [''] : (env.PATH ?? '').split(':');
  const paths = folders.map((folder) => join(root, folder, name));
  const path = paths.find(existsSync) ?? name;
  const command = [join(root, workingFolder), process.execPath, path, ...args];
  return ran('/bin/sh', ['-c', 'cd "$0" && exec "$@"', ...command], env);
}

/** A link does what a mount does. */
function place(root: string, mounts: readonly Mount[]): void {
  for (const { source, target } of mounts) {
    rmSync(join(root, target), { recursive: true, force: true });
    mkdirSync(dirname(join(root, target)), { recursive: true });
    symlinkSync(source, join(root, target));
  }
}

/** Variables that are paths in the container, as paths of this machine. */
function below(root: string, env: Command['env']): { [name: string]: string } {
  const isPath = ([name, value]: [string, string]): boolean => name !== 'PATH' && value.startsWith('/');
  const paths = Object.entries(env).filter(isPath);
  return { ...env, ...Object.fromEntries(paths.map(([name, value]) => [name, join(root, value)])) };
}
