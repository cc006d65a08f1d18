import { cpSync, mkdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { copy } from './copy.ts';
import { type Stage, type Step, stagesOf } from './dockerfile.ts';
import { filesInContext } from './dockerignore.ts';
import type { Machine } from './machine.ts';

/** What a build has come to: files, and what they are run with. */
export interface Image {
  /** The folder of this machine that is its root. */
  readonly root: string;
  readonly hasSystem: boolean;
  readonly env: { readonly [name: string]: string };
  readonly labels: { readonly [name: string]: string };
  readonly user: string;
  readonly workingFolder: string;
  readonly entryPoint: readonly string[];
  readonly command: readonly string[];
  readonly ports: readonly string[];
}

export interface Build {
  readonly dockerfile: string;
  /** The folder whose files COPY takes, but for those that its .dockerignore leaves out. */
  readonly context: string;
  /** An empty folder for the stages. */
  readonly folder: string;
  readonly machine: Machine;
  /** Images that were built before, by the names that FROM knows them by. */
  readonly images?: { readonly [name: string]: Image };
}

/** Builds what a Dockerfile says, by its own steps. Rejects for the first one that fails, with what it had to say. */
export async function build({ dockerfile, context, folder, machine, images = {} }: Build): Promise<Image> {
  const files = new Set(filesInContext(context).flatMap((path) => [path, ...parents(path)]));
  const inContext = (path: string): boolean => files.has(posix.relative(context, path));
  const stages = new Map(Object.entries(images));
  let last: Image | undefined;
  for (const [i, stage] of stagesOf(dockerfile).entries()) {
    let image = begin(stage, join(folder, `${i}`));
    for (const step of stage.steps) image = await after(step, image);
    if (stage.name !== undefined) stages.set(stage.name, image);
    last = image;
  }
  if (last === undefined) throw new Error('an empty Dockerfile');
  return last;

  function begin({ base }: Stage, root: string): Image {
    mkdirSync(root);
    const known = stages.get(base);
    if (known !== undefined) {
      cpSync(known.root, root, { recursive: true, verbatimSymlinks: true });
      return { ...known, root };
    }
    const hasSystem = base !== 'scratch';
    // The one image from elsewhere that a machine can stand in for.
    if (hasSystem && !base.startsWith('node:')) throw new Error(`FROM ${base}: there is no such image here`);
    if (hasSystem) machine.prepare(root);
    return { ...NOTHING, root, hasSystem };
  }

  async function after(step: Step, image: Image): Promise<Image> {
    switch (step.instruction) {
      case 'COPY': {
        const from = step.from === undefined ? context : stages.get(step.from)?.root;
        if (from === undefined) throw new Error(`Dockerfile:${step.line}: there is no stage ${step.from}`);
        const isIncluded = step.from === undefined ? { isIncluded: inContext } : {};
        copy({ ...step, ...isIncluded, from, root: image.root, workingFolder: image.workingFolder });
        return image;
      }
      case 'RUN': {
        const { code, stdout, stderr } = await machine.run({ ...image, command: step.command });
        if (code !== 0) throw new Error(`Dockerfile:${step.line}: ended with code ${code}:\n${stdout}${stderr}`);
        return image;
      }
      case 'WORKDIR': {
        const workingFolder = posix.resolve(image.workingFolder, step.word);
        mkdirSync(join(image.root, workingFolder), { recursive: true });
        return { ...image, workingFolder };
      }
      case 'ENV':
        return { ...image, env: { ...image.env, ...step.pairs } };
      case 'LABEL':
        return { ...image, labels: { ...image.labels, ...step.pairs } };
      case 'USER':
        return { ...image, user: step.word };
      case 'EXPOSE':
        return { ...image, ports: [...image.ports, ...step.words] };
      case 'ENTRYPOINT':
        return { ...image, entryPoint: step.words };
      case 'CMD':
        return { ...image, command: step.words };
    }
  }
}

const NOTHING = {
  // Docker's own, until an image says otherwise.
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  labels: {},
  user: '0:0',
  workingFolder: '/',
  entryPoint: [],
  command: [],
  ports: [],
};

/** The folders that a path of the context lies in; '' is the context itself. */
function parents(path: string): string[] {
  const parent = posix.dirname(path);
  return parent === '.' ? [''] : [parent, ...parents(parent)];
}
