import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path/posix';
import { type ConfigFiles, type Installation, type Manifest, NAME, ownMetadata } from './installation.ts';

/** A ConfigMap as a volume of the pods. */
export interface MountedConfigMap {
  /** Of the volume. */
  readonly volume: string;
  readonly configMap: Manifest;
  readonly mountPath: string;
}

/** All ConfigMaps of an installation: the configuration, the folders of rules, the CA of clients, in this order. */
export function configMaps(installation: Installation): MountedConfigMap[] {
  const { clients } = installation;
  return [...immutable(installation), ...(clients === undefined ? [] : [clientCa(installation, clients.ca)])];
}

/**
 * What is loaded at the start. It is in their names: a change of it is a change of the Deployment, so that pods are
 * replaced one by one, and those of before keep what they began with.
 */
function immutable(installation: Installation): MountedConfigMap[] {
  const { config, ruleFolders } = installation;
  const rules = ruleFolders.map((files, i) => {
    const volume = i === 0 ? 'rules' : `rules-${i + 1}`;
    return { volume, files, mountPath: `${FOLDER}/${volume}` };
  });
  const all = [
    ...(config === undefined ? [] : [{ volume: 'config', files: config, mountPath: CONFIG_FOLDER }]),
    ...rules,
  ];
  return all.map(({ files, ...mounted }) => {
    const name = `${NAME}-${mounted.volume}-${hash(files)}`;
    return { ...mounted, configMap: unchanging(ownMetadata(installation, name), files) };
  });
}

/** What is followed while it is served: pods take up a change of it without a new name, and without a restart. */
function clientCa(installation: Installation, ca: string): MountedConfigMap {
  const metadata = ownMetadata(installation, `${NAME}-client-ca`);
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [basename(CLIENT_CA_FILE)]: ca } };
  return { volume: 'client-ca', configMap, mountPath: dirname(CLIENT_CA_FILE) };
}

/** The working folder of the image, in which a configuration would be looked for. */
const FOLDER = '/etc/portcullis';
const CONFIG_FOLDER = `${FOLDER}/config`;

/** Where the pods find the configuration. */
export const CONFIG_FILE = `${CONFIG_FOLDER}/portcullis.yaml`;

/** Where the pods find the CA of clients. */
export const CLIENT_CA_FILE = `${FOLDER}/client-ca/ca.crt`;

/** Not to be changed in place: a pod that starts anew would run other rules than its neighbours. */
function unchanging(metadata: Manifest['metadata'], data: ConfigFiles): Manifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, immutable: true, data };
}

function hash(files: ConfigFiles): string {
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 10);
}
