import { resolve } from 'node:path';
import { builtInRules, followed } from '../../rules/index.ts';
import { lookedUp } from '../../webhook/lookup.ts';
import { knownClients } from '../clients.ts';
import { type Config, whereInConfig } from '../config.ts';
import type { Environment, Said } from '../environment.ts';
import { Faults } from '../faults.ts';
import { loadRules } from '../load.ts';
import type { Given } from '../usage.ts';
import { ownVersion } from '../version.ts';
import { configOfServer } from './config.ts';
import { configMapData } from './config-map-data.ts';
import { embeddedRules } from './embedded-rules.ts';
import { withImports } from './imports.ts';
import { type Installation, NAME, needsCluster } from './installation.ts';
import { kubeVersion } from './kube-version.ts';

/**
 * What is to be installed: the rules and the configuration that a command line names, as pods will find them. Throws
 * UsageError for a wrong flag, and Faults for whatever keeps the rules from being loaded, here or in a pod.
 */
export async function installationOf(given: Given, words: Said, environment: Environment): Promise<Installation> {
  const { one } = words;
  const config = configOfServer(given, words, environment);
  const { result, imports } = await withImports(() => loadRules(builtInRules, config, { followed }));
  const version = ownVersion() ?? 'unknown';
  const embedded = config.ruleFolders.map((folder) => embeddedRules(folder, imports));
  const file = resolve(one('config')?.text ?? 'portcullis.yaml');
  const embeddedConfig = config.file === undefined ? [] : [configMapData({ 'portcullis.yaml': file }, file)];
  const { namespace, domain, certificate, registration, cluster, drainSeconds } = config;
  const { clients } = await knownClients(config);
  const installation: Installation = {
    namespace,
    domain,
    image: one('image')?.text ?? `${NAME}:${version}`,
    version,
    kubeVersion: kubeVersion(one('kube-version')?.text),
    certificate,
    registration,
    clusterAccess: cluster.access,
    clients,
    drainSeconds,
    lookups: cluster.access === 'none' ? [] : lookedUp(result).map(({ kind }) => kind),
    config: embeddedConfig[0]?.data,
    ruleFolders: embedded.map(({ data }) => data),
  };
  const faults = [...embedded, ...embeddedConfig].flatMap((part) => part.faults);
  if (needsCluster(installation)) faults.push(...withKubeconfig(config));
  if (faults.length > 0) throw new Faults(faults);
  return installation;
}

/** A path of this machine leads nowhere in a pod. */
function withKubeconfig(config: Config): { file: string; reason: string }[] {
  if (config.file?.config.cluster?.kubeconfig === undefined) return [];
  const reason =
    'cluster.kubeconfig: pods have their own way to the API server; leave it out, and say it by --kubeconfig';
  return [{ file: whereInConfig(config, ['cluster', 'kubeconfig']), reason }];
}
