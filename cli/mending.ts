import { join } from 'node:path';
import { isAtLeast, type KubeVersion, NEWEST_KUBE_VERSION, versionText } from '../webhook/kube-version.ts';
import type { Config } from './config.ts';
import type { Environment } from './environment.ts';
import { readable } from './faults.ts';
import { reachableHost } from './listening.ts';
import { NAME } from './manifests/installation.ts';
import { ownCommand } from './own-command.ts';

/** Whether this runs in a pod, with the pod's own way to the API server. */
export function isInPod({ cluster }: Config, { KUBERNETES_SERVICE_HOST }: Environment): boolean {
  return cluster.kubeconfig === undefined && (KUBERNETES_SERVICE_HOST ?? '') !== '';
}

/**
 * What a person does about webhooks that are registered differently: a command, where one is enough. Where somebody else
 * sees to what API servers trust, a command of ours would take it away: it is not told to be run then.
 */
export function mending(
  config: Config,
  place: { readonly inPod: boolean; readonly apiServer: KubeVersion | undefined },
): string {
  const { inPod, apiServer = NEWEST_KUBE_VERSION } = place;
  const version = isAtLeast(apiServer, NEWEST_KUBE_VERSION) ? '' : ` --kube-version ${versionText(apiServer)}`;
  if (!inPod) return `${ownCommand()} manifests webhooks${ownFlags(config)}${version} | kubectl apply -f -`;
  const printed = `kubectl -n ${config.namespace} exec deploy/${NAME} -- portcullis manifests webhooks${version}`;
  if (config.certificate.mode === 'self') return `${printed} | kubectl apply -f -`;
  return `apply the webhooks again as it was done before, with whatever makes their caBundle; what they should be is printed by: ${printed}`;
}

/** The server on this machine, its CA and its rules, as far as its configuration names them. */
function ownFlags({ host, port, certificate, ruleFolders }: Config): string {
  const url = port === 0 ? 'URL' : `https://${reachableHost(host)}:${port}`;
  const ca = certificate.mode === 'dev' ? readable(join(certificate.folder, 'ca.crt')) : 'FILE';
  return ` --url ${url} --ca-bundle ${ca}${ruleFolders.map((folder) => ` --rules ${readable(folder)}`).join('')}`;
}
