import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { build, type Image } from '../../image/build.ts';
import { machine } from '../../image/machine.ts';
import { type InNamespace, namespace } from '../cluster.ts';
import { type ControlPlane, startControlPlane } from '../control-plane.ts';
import { type Outcome, ran } from '../ran.ts';
import { auditingReads } from './audit.ts';
import type { InstallCommand } from './commands.ts';
import { type Kubelet, startKubelet } from './kubelet.ts';
import { overlayOf, PODS_SERVICE } from './overlay.ts';
import { type ServiceProxy, startService } from './service.ts';

/** A cluster of one node, on which Portcullis can be installed as its README says. */
export interface Installation {
  readonly plane: ControlPlane;
  readonly kubelet: Kubelet;
  /** What stands for the Service's port 443, in messages of the API server. */
  readonly servicePort: number;
  /** Runs a documented command; gives what kubectl said. */
  run(command: InstallCommand): Promise<Outcome>;
  /** Runs `kubectl apply -k` (or delete) on a folder of the repository that no documented command is for. */
  kustomized(verb: 'apply' | 'delete', folder: string): Promise<Outcome>;
  /** Runs `portcullis manifests ARGS | kubectl apply -f -`. */
  generated(args: readonly string[]): Promise<Outcome>;
  /** The same, and fails unless the code is 0; with the pods' logs where a rollout fails. */
  done(command: InstallCommand): Promise<string>;
  /** Makes a namespace, waits until it takes pods, and gives kubectl for it. */
  namespace(name: string, labels?: { readonly [key: string]: string }): Promise<InNamespace>;
  stop(): Promise<void>;
}

const ROOT = join(import.meta.dirname, '../../..');
const NAMESPACE = 'portcullis-system';

/** Builds the image by its Dockerfile, and starts a control plane, a node and the network of one Service. */
export async function startInstallation(image?: Image): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-installation-'));
  const parts: { stop(): Promise<void> }[] = [{ stop: () => rm(folder, { recursive: true, force: true }) }];
  try {
    const [plane, built] = await Promise.all([started(), image ?? buildImage(folder)]);
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const kubelet = await startKubelet(plane, NAMESPACE, { [`portcullis:${version}`]: built });
    parts.push(kubelet);
    const service = await startService(plane, kubelet, `/api/v1/namespaces/${NAMESPACE}/endpoints/${PODS_SERVICE}`);
    parts.push(service);
    return { ...commandsOn(plane, kubelet, service), plane, kubelet, servicePort: service.port, stop };
  } catch (error) {
    await stop();
    throw error;
  }

  async function started(): Promise<ControlPlane> {
    const plane = await startControlPlane({ audit: true, extraApiServerFlags: await auditingReads(folder) });
    parts.push(plane);
    return plane;
  }

  async function stop(): Promise<void> {
    for (const part of parts.toReversed()) await part.stop();
  }
}

/** The image that the Dockerfile builds; takes half a minute. */
export function buildImage(folder: string): Promise<Image> {
  const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
  return build({ dockerfile, context: ROOT, folder, machine });
}

function commandsOn(
  plane: ControlPlane,
  kubelet: Kubelet,
  { port }: ServiceProxy,
): Pick<Installation, 'run' | 'kustomized' | 'generated' | 'done' | 'namespace'> {
  return { run, kustomized, generated, done, namespace: (name, labels = {}) => namespace(plane, name, labels) };

  async function run(command: InstallCommand): Promise<Outcome> {
    const [program, ...words] = command.split(' ');
    assert.equal(program, 'kubectl');
    const at = words.indexOf('-k');
    if (at === -1) return plane.kubectl(words);
    return kustomized(words[0] as 'apply' | 'delete', forThisVersion(words[at + 1] ?? ''));
  }

  async function kustomized(verb: 'apply' | 'delete', folder: string): Promise<Outcome> {
    const isForNewer = plane.minor < 21 && folder.endsWith('/server') && !folder.includes('/kube-');
    const older = isForNewer ? { as: join(ROOT, 'manifests/overlays/kube-1.20/server') } : {};
    return plane.kubectl([verb, '-k', await overlayOf(plane, { folder: join(ROOT, folder), ...older }, port)]);
  }

  async function generated(args: readonly string[]): Promise<Outcome> {
    const flags = [...args, '--kube-version', `1.${plane.minor}`];
    const command = [join(ROOT, 'cli/portcullis.js'), 'manifests', ...flags];
    const { code, stdout, stderr } = await ran(process.execPath, command, {});
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    return plane.kubectl(['apply', '-k', await overlayOf(plane, { yaml: stdout }, port)]);
  }

  async function done(command: InstallCommand): Promise<string> {
    const outcome = await run(command).catch((error: Error) => error);
    if ('code' in outcome && outcome.code === 0 && outcome.stderr === '') return outcome.stdout;
    const { stdout: pods } = await plane.kubectl(['-n', NAMESPACE, 'get', 'pods']);
    throw new Error(`${command}: ${inspect(outcome)}\n${pods}\n${kubelet.logs()}`);
  }

  /** The bases are for newer API servers; for older ones there is an overlay of each. */
  function forThisVersion(folder: string): string {
    return plane.minor < 21 ? folder.replace('manifests/', 'manifests/overlays/kube-1.20/') : folder;
  }
}
