import type { Image } from '../../image/build.ts';
import { type Container, machine } from '../../image/machine.ts';
import { environmentOf } from './environment.ts';
import { containerOf, type Pod } from './pod.ts';
import type { Volumes } from './volumes.ts';

/** What the container of a pod is started from. */
export interface PodContainer {
  readonly pod: Pod;
  readonly podIP: string;
  /** By the names that pods know them by. */
  readonly images: { readonly [name: string]: Image };
  readonly volumes: Volumes;
  /** The API server's address. */
  readonly apiServer: URL;
  /** For the log. */
  readonly folder: string;
}

/** A pod's container that runs. */
export interface RunningContainer extends Container {
  /** The port of 127.0.0.1 that stands for one of the pod's ports; undefined until somebody listens there. */
  portOf(port: number): number | undefined;
}

/**
 * Starts a pod's container as the pod says: its image, arguments, environment, user and mounts. One thing differs from
 * a node: pods have no network of their own here. So Portcullis is told to listen on 127.0.0.1 and on free ports,
 * whatever the pod says, and those stand for the pod's ports. Rejects for whatever it does not know.
 */
export async function startContainer(from: PodContainer): Promise<RunningContainer> {
  const { pod, podIP, images, volumes, apiServer, folder } = from;
  const container = containerOf(pod);
  const image = images[container.image ?? ''];
  if (image === undefined) throw new Error(`there is no image ${container.image}`);
  const said = environmentOf(pod, podIP, {
    ...image.env,
    KUBERNETES_SERVICE_HOST: apiServer.hostname,
    KUBERNETES_SERVICE_PORT: apiServer.port,
  });
  const env = { ...said, PORTCULLIS_HOST: '127.0.0.1', PORTCULLIS_PORT: '0', PORTCULLIS_HEALTH_PORT: '0' };
  const command = [...(container.command ?? image.entryPoint), ...(container.args ?? image.command)];
  const user = userOf(pod) ?? image.user;
  const workingFolder = container.workingDir ?? image.workingFolder;
  const mounts = (container.volumeMounts ?? []).map(({ name, mountPath, readOnly = false, subPath }) => {
    if (subPath !== undefined) throw new Error('the stand-in of a kubelet knows no subPath');
    return { source: volumes.folder(name), target: mountPath, isReadOnly: readOnly };
  });
  const started = await machine.start({ ...image, command, workingFolder, env, user, mounts, folder });
  let serving: { readonly url: string; readonly healthUrl: string } | undefined;
  return {
    ...started,
    portOf(port) {
      serving ??= servingLine(started.program.log());
      if (`${port}` === said.PORTCULLIS_PORT) return portIn(serving?.url);
      if (`${port}` === said.PORTCULLIS_HEALTH_PORT) return portIn(serving?.healthUrl);
      return undefined;
    },
  };
}

function userOf(pod: Pod): string | undefined {
  const { runAsUser, runAsGroup } = { ...pod.spec.securityContext, ...containerOf(pod).securityContext };
  return runAsUser === undefined ? undefined : `${runAsUser}:${runAsGroup ?? 0}`;
}

/** The log line with the message `serving`, once it is there in full. */
function servingLine(log: string): { url: string; healthUrl: string } | undefined {
  const lines = log.split('\n').slice(0, -1);
  const line = lines.find((text) => text.startsWith('{') && text.includes('"msg":"serving"'));
  return line === undefined ? undefined : JSON.parse(line);
}

function portIn(url: string | undefined): number | undefined {
  return url === undefined ? undefined : Number(new URL(url).port);
}
