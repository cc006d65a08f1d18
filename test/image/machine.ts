import type { Program } from '../e2e/program.ts';
import type { Outcome } from '../e2e/ran.ts';
import { type Mount, withoutContainers } from './containers.ts';
import { namespaces } from './namespaces.ts';
import { plainFolders } from './plain-folders.ts';

/** A command as an image has it run. All paths but `root` are the image's. */
export interface Command {
  /** The folder of this machine that is the image's root. */
  readonly root: string;
  /** Whether the root has what an image from elsewhere brings: a system, Node and npm. */
  readonly hasSystem: boolean;
  readonly command: readonly string[];
  readonly workingFolder: string;
  /** The whole environment. */
  readonly env: { readonly [name: string]: string };
  /** `UID:GID`. */
  readonly user: string;
}

/** What a container is started with. Its root is read-only. */
export interface ContainerCommand extends Command {
  readonly mounts: readonly Mount[];
  /** A temporary folder of the test's, which goes when this process dies; holds the log. */
  readonly folder: string;
}

/** A running container. */
export interface Container {
  /** The container as a program of this machine. */
  readonly program: Program;
  /** The number, on this machine, of the process that the entry point has become. Throws when it has ended. */
  entryPid(): number;
  /** Runs a further command in the container, as `kubectl exec` does. */
  exec(command: readonly string[]): Promise<Outcome>;
  /** Sends the entry point's process a signal and gives its exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Where a Dockerfile's commands are run, and containers started. */
export interface Machine {
  /** For the names of tests. */
  readonly name: string;
  /** Why the image's own system and its isolation are missing, for the `skip` of node:test; false where they are not. */
  readonly withoutIsolation: string | false;
  /** Makes an empty folder the root of an image from elsewhere. */
  prepare(root: string): void;
  /** Runs a command of a Dockerfile to its end. */
  run(step: Command): Promise<Outcome>;
  start(command: ContainerCommand): Promise<Container>;
}

const without = withoutContainers();

/** Containers, where this process may make them; else plain folders. */
export const machine: Machine = without === false ? namespaces : plainFolders(without);
