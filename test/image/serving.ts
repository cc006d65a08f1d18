import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { reached } from '../e2e/reached.ts';
import type { Image } from './build.ts';
import type { Mount } from './containers.ts';
import { type Container, machine } from './machine.ts';

/** How a container departs from `docker run IMAGE`. */
export interface Departures {
  readonly env?: { readonly [name: string]: string };
  readonly mounts?: readonly Mount[];
}

/** A container that serves. */
export interface Serving extends Container {
  /** Where it serves webhooks on 127.0.0.1. */
  readonly port: number;
  readonly healthUrl: string;
  /** The folder that it has as its /tmp. */
  readonly tmp: string;
}

/**
 * Starts an image's entry point with its default command, the root read-only and an empty /tmp to write to, and gives it
 * when it is ready. Rejects, with its log, when it ends instead. It is gone when the test ends.
 */
export async function serving(
  t: Pick<TestContext, 'after'>,
  { entryPoint, command, ...image }: Image,
  { env = {}, mounts = [] }: Departures = {},
): Promise<Serving> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-container-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const tmp = join(folder, 'tmp');
  await mkdir(tmp);
  await chmod(tmp, 0o1777);
  const container = await machine.start({
    ...image,
    command: [...entryPoint, ...command],
    env: { ...image.env, ...FREE_PORTS, ...env },
    mounts: [...mounts, { source: tmp, target: '/tmp' }],
    folder,
  });
  const { program } = container;
  t.after(() => container.end('SIGKILL'));
  const word = await reached(program, 'word of serving', async () => wordOfServing(program.log()));
  // Its host may be a name that is known in the container alone.
  const healthUrl = `http://127.0.0.1:${new URL(word.healthUrl).port}`;
  const isReady = async () => (await fetch(`${healthUrl}/readyz`)).ok || undefined;
  await reached(program, 'readiness', isReady);
  return { ...container, tmp, healthUrl, port: Number(new URL(word.url).port) };
}

/** What mode dev says that clients are to trust. */
export function authority({ tmp }: Serving): Promise<string> {
  return readFile(join(tmp, 'ca.crt'), 'utf8');
}

// A container has ports of its own; these share those of the machine.
const FREE_PORTS = { PORTCULLIS_HOST: '127.0.0.1', PORTCULLIS_PORT: '0', PORTCULLIS_HEALTH_PORT: '0' };

function wordOfServing(log: string): { url: string; healthUrl: string } | undefined {
  const lines = log.split('\n').slice(0, -1);
  const line = lines.find((text) => text.startsWith('{') && text.includes('"msg":"serving"'));
  return line === undefined ? undefined : JSON.parse(line);
}
