import { join } from 'node:path';
import { isAtLeast, type KubeVersion, NEWEST_KUBE_VERSION, versionText } from '../webhook/kube-version.ts';
import type { Config } from './config.ts';
import type { Environment } from './environment.ts';
import { readable } from './faults.ts';
import { reachableHost } from './listening.ts';
import type { LiveConfiguration } from './live-registration.ts';
import { NAME } from './manifests/installation.ts';
import { ownCommand } from './own-command.ts';

/** Whether this runs in a pod, with the pod's own way to the API server. */
export function isInPod({ cluster }: Config, { KUBERNETES_SERVICE_HOST }: Environment): boolean {
  return cluster.kubeconfig === undefined && (KUBERNETES_SERVICE_HOST ?? '') !== '';
}

/**
 * What a person does about webhooks that are registered differently: commands, in their order, none where there is no
 * drift. Where somebody else sees to what API servers trust, a command of ours would take that away, so it is no command.
 */
export function mending(
  config: Config,
  configurations: readonly LiveConfiguration[],
  place: { readonly inPod: boolean; readonly apiServer: KubeVersion | undefined },
): string[] {
  const removals = configurations.flatMap(({ configuration, extra }) => removal(configuration, extra));
  const isAllExtra = configurations.every(({ differences, extra }) => differences.length === extra.length);
  return [...removals, ...(isAllExtra ? [] : [applied(config, place)])];
}

/** What kubectl apply once put there it takes away by itself, so this was somebody else. */
function removal(configuration: string, extra: readonly string[]): string[] {
  const webhooks = extra.filter((name) => /^[a-z0-9.-]+$/.test(name)).map((name) => ({ $patch: 'delete', name }));
  const object = configuration.replace('s/', ' ');
  return webhooks.length === 0 ? [] : [`kubectl patch ${object} -p '${JSON.stringify({ webhooks })}'`];
}

function applied(config: Config, { inPod, apiServer = NEWEST_KUBE_VERSION }: Parameters<typeof mending>[2]): string {
  const version = isAtLeast(apiServer, NEWEST_KUBE_VERSION) ? '' : ` --kube-version ${versionText(apiServer)}`;
  const isOurCa = config.certificate.mode === 'self' && config.registration === 'bundle';
  if (!inPod) return `${ownCommand()} manifests webhooks${ownFlags(config, isOurCa)}${version} | kubectl apply -f -`;
  const printed = `kubectl -n ${config.namespace} exec deploy/${NAME} -- portcullis manifests webhooks${version}`;
  if (isOurCa) return `${printed} | kubectl apply -f -`;
  return `apply the webhooks again as it was done before, with whatever makes their caBundle; what they should be is printed by: ${printed}`;
}

/** The server on this machine, its CA where it does not put that in by itself, and its rules, as far as its configuration names them. */
function ownFlags({ host, port, certificate, ruleFolders }: Config, isOurCa: boolean): string {
  const url = port === 0 ? 'URL' : `https://${reachableHost(host)}:${port}`;
  const file = certificate.mode === 'dev' ? readable(join(certificate.folder, 'ca.crt')) : 'FILE';
  const ca = isOurCa ? '' : ` --ca-bundle ${file}`;
  return ` --url ${url}${ca}${ruleFolders.map((folder) => ` --rules ${readable(folder)}`).join('')}`;
}
