import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { LineCounter, parseDocument } from 'yaml';
import { isRecord, type JsonObject } from '../webhook/decode.ts';

/**
 * Reads kubeconfigs as kubectl does: the first that names a cluster, a user, a context or the current context wins, and
 * relative paths are of the file's own folder. Throws an Error that names the file and what is missing or wrong. No
 * message repeats what a file holds but names: there are keys and tokens beside them.
 */
export async function readKubeconfigs(paths: readonly string[]): Promise<KubeConfig> {
  const files = await Promise.all(paths.map(readKubeconfig));
  const merged = {
    clusters: firstOfName(files.flatMap((file) => file.clusters)),
    users: firstOfName(files.flatMap((file) => file.users)),
    contexts: firstOfName(files.flatMap((file) => file.contexts)),
    'current-context': files.find((file) => file.current !== '')?.current ?? '',
  };
  check(merged, paths.join(', '));
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromString(JSON.stringify(merged), { onInvalidEntry: 'filter' });
  return config;
}

interface Kubeconfig {
  readonly clusters: readonly JsonObject[];
  readonly users: readonly JsonObject[];
  readonly contexts: readonly JsonObject[];
  readonly current: string;
}

async function readKubeconfig(path: string): Promise<Kubeconfig> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`The kubeconfig ${path} ${code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`}.`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [fault] = document.errors;
  if (fault !== undefined) {
    throw new Error(`The kubeconfig ${path} is not YAML: ${fault.code} in line ${lines.linePos(fault.pos[0]).line}.`);
  }
  const config: unknown = document.toJS();
  if (!isRecord(config) || (config.kind !== undefined && config.kind !== 'Config')) {
    throw new Error(`${path} is no kubeconfig: it must hold one mapping of kind Config.`);
  }
  const folder = dirname(resolve(path));
  return {
    clusters: entries(config.clusters).map((entry) => withPaths(entry, 'cluster', folder)),
    users: entries(config.users).map((entry) => withPaths(entry, 'user', folder)),
    contexts: entries(config.contexts),
    current: typeof config['current-context'] === 'string' ? config['current-context'] : '',
  };
}

function check(config: { [member: string]: readonly JsonObject[] | string }, where: string): void {
  const name = config['current-context'];
  const named = (list: string, of: unknown) =>
    (config[list] as readonly JsonObject[]).find((entry) => entry.name === of);
  const wrong = (what: string) => new Error(`The kubeconfig ${where} ${what}.`);
  if (name === '') throw wrong('has no current-context; choose one with kubectl config use-context');
  const entry = named('contexts', name);
  if (entry === undefined) throw wrong(`has no context named ${name}, which its current-context names`);
  const context = isRecord(entry.context) ? entry.context : {};
  const cluster = named('clusters', context.cluster)?.cluster;
  if (!isRecord(cluster)) throw wrong(`has no cluster named ${context.cluster}, which the context ${name} names`);
  // Without a user, client-node drops the cluster's CA as well.
  if (named('users', context.user) === undefined) {
    throw wrong(`has no user named ${context.user}, which the context ${name} names`);
  }
  const isInsecure = cluster['insecure-skip-tls-verify'] === true;
  const server =
    typeof cluster.server === 'string' && URL.canParse(cluster.server) ? new URL(cluster.server) : undefined;
  // Logs and messages repeat it, so there must be nothing else in it.
  if (server === undefined || !/^https?:\/\/[^@?#/]+\/[^?#]*$/.test(server.href)) {
    throw wrong(
      `must say https://HOST[:PORT] as the server of the cluster ${context.cluster}, and no user, query or fragment`,
    );
  }
  if (server.protocol === 'http:' && !isInsecure) {
    throw wrong(
      `says http:// as the server of the cluster ${context.cluster}; it must be https://, or insecure-skip-tls-verify`,
    );
  }
}

function withPaths(entry: JsonObject, member: 'cluster' | 'user', folder: string): JsonObject {
  const inner = { ...(isRecord(entry[member]) ? entry[member] : {}) };
  for (const name of ['certificate-authority', 'client-certificate', 'client-key', 'token-file']) {
    const path = inner[name] ?? inner[CLIENT_GO_NAMES[name] ?? ''];
    if (typeof path === 'string' && path !== '') inner[name] = isAbsolute(path) ? path : join(folder, path);
  }
  const tokenFile = inner['token-file'];
  if (typeof tokenFile === 'string' && tokenFile !== '') {
    // client-node would read it once, when it is made; in this form it reads it again as it changes.
    inner['auth-provider'] = { name: 'tokenFile', config: { tokenFile } };
    delete inner['token-file'];
    delete inner.token;
  }
  if (isRecord(inner.exec) && typeof inner.exec.command === 'string' && /^\.{1,2}\//.test(inner.exec.command)) {
    inner.exec = { ...inner.exec, command: join(folder, inner.exec.command) };
  }
  return { ...entry, [member]: inner };
}

/** kubectl writes `tokenFile` (clientcmd/api/v1, AuthInfo), and client-node reads `token-file`. */
const CLIENT_GO_NAMES: { readonly [name: string]: string } = { 'token-file': 'tokenFile' };

function entries(list: unknown): JsonObject[] {
  return Array.isArray(list) ? list.filter((entry) => isRecord(entry) && typeof entry.name === 'string') : [];
}

function firstOfName(list: readonly JsonObject[]): JsonObject[] {
  return list.filter(({ name }, i) => list.findIndex((other) => other.name === name) === i);
}
