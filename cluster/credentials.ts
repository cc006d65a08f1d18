import { access } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { delimiter, join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { shownOnOneLine } from '../webhook/shown.ts';
import { readKubeconfigs } from './kubeconfig.ts';
import { serviceAccount } from './service-account.ts';

/** What decides where credentials are looked for. */
export interface WhereCredentialsAre {
  /** A kubeconfig's path; nothing else is looked at where it is given. */
  readonly kubeconfig?: string;
  /** KUBERNETES_SERVICE_HOST and _PORT, KUBECONFIG and HOME are read of it. */
  readonly environment: { readonly [name: string]: string | undefined };
  /** Where the kubelet mounts the pod's `token` and `ca.crt`. */
  readonly serviceAccountFolder?: string;
}

/** An API server, and what a request to it needs. */
export interface Credentials {
  /** `https://host[:port][/path]`, without a slash at its end. */
  readonly server: string;
  /** The headers and TLS options of a request made now; `agent` only where a proxy is configured. */
  current(): Promise<RequestOptions>;
  /** To be called when the API server did not know them (401): they are read anew, at most every 10 s. */
  renewed(): void;
}

/** Where credentials come from: they may be other ones with each request. */
export interface CredentialSource {
  readonly server: string;
  options(): Promise<RequestOptions>;
}

/** Finds and checks the credentials. Throws an Error that says what was looked for, or what is wrong where. */
export async function credentials(where: WhereCredentialsAre): Promise<Credentials> {
  const read = await source(where);
  let latest = await read();
  let readAt = Date.now();
  let asked: Promise<RequestOptions> | undefined;
  const { server } = latest;
  // What is missing or cannot be run is told now, and not at the first review.
  await inTime(current());
  return { server, current, renewed };

  /** Shared by those who ask at the same time: it may mean to run a program. */
  function current(): Promise<RequestOptions> {
    asked ??= had(latest).finally(() => {
      asked = undefined;
    });
    return asked;
  }

  function renewed(): void {
    // A clock that was set back must not mean waiting for long.
    if (Math.abs(Date.now() - readAt) < 10_000) return;
    readAt = Date.now();
    read().then(
      (next) => {
        latest = next;
      },
      // The old ones stay, and the API server's refusals go on telling why.
      () => {},
    );
  }
}

async function inTime(asked: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const error = new Error(
    'The credentials for the API server cannot be had: the program that makes them takes over 30 s',
  );
  const timer = setTimeout(() => late.reject(error), 30_000);
  await Promise.race([asked, late.promise]).finally(() => clearTimeout(timer));
}

async function source({
  kubeconfig,
  environment,
  serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount',
}: WhereCredentialsAre): Promise<() => Promise<CredentialSource>> {
  if (kubeconfig !== undefined) return () => kubeconfigs([kubeconfig]);
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443', KUBECONFIG, HOME } = environment;
  const token = join(serviceAccountFolder, 'token');
  if (host && (await exists(token))) return async () => serviceAccount(host, port, serviceAccountFolder);
  const listed = (KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '');
  const present = await existing(listed);
  if (present.length > 0) return () => kubeconfigs(present);
  const usual = HOME ? join(HOME, '.kube', 'config') : undefined;
  // As for kubectl, a $KUBECONFIG that names nothing does not mean ~/.kube/config.
  if (listed.length === 0 && usual !== undefined && (await exists(usual))) return () => kubeconfigs([usual]);
  throw new Error(
    'No API server is known. Looked for the service account of a pod ' +
      (host ? `(${token} is not there; automountServiceAccountToken?)` : '(KUBERNETES_SERVICE_HOST is not set)') +
      (listed.length > 0
        ? `, and for $KUBECONFIG (${listed.join(', ')}: not there).`
        : `, for $KUBECONFIG (not set), and for ${usual ?? '~/.kube/config (HOME is not set)'}${usual ? ' (not there)' : ''}.`) +
      ' Name a kubeconfig with --kubeconfig.',
  );
}

/** Credentials as @kubernetes/client-node understands kubeconfigs. */
async function kubeconfigs(paths: readonly string[]): Promise<CredentialSource> {
  const config = await readKubeconfigs(paths);
  return { server: config.getCurrentCluster()?.server ?? '', options: () => optionsOf(config) };
}

async function optionsOf(config: KubeConfig): Promise<RequestOptions> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { agent, headers, ...rest } = options;
  // Theirs is made once, with the certificates of that moment: ours goes by those of each request.
  const proxied = config.getCurrentCluster()?.proxyUrl ? { agent } : {};
  const trimmed = Object.entries(headers ?? {}).map(([name, value]) => [name, `${value}`.trim()]);
  return { ...rest, ...proxied, headers: Object.fromEntries(trimmed) } as RequestOptions;
}

async function had(source: CredentialSource): Promise<RequestOptions> {
  try {
    return await source.options();
  } catch (error) {
    const why = shownOnOneLine(complaint(error as NodeJS.ErrnoException), 500);
    throw new Error(`The credentials for the API server cannot be had: ${why}`, { cause: error });
  }
}

function complaint(error: NodeJS.ErrnoException): string {
  const { code, path, message } = error;
  if (code !== undefined && path !== undefined) return `${path} cannot be read or run (${code})`;
  // JSON.parse quotes the text, which may be a token; and client-node looks into whatever JSON it is.
  if (error instanceof SyntaxError || error instanceof TypeError) {
    return 'what the program says is no ExecCredential in JSON';
  }
  // A program's complaint may be of any length, and is not ours to vouch for.
  return message;
}

async function existing(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(exists));
  return paths.filter((_, i) => found[i]);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  );
}
