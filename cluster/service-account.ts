import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { join } from 'node:path';
import type { CredentialSource } from './credentials.ts';

/** The kubelet renews a pod's token long before it ends; client-go re-reads it as often (rest/token_source.go). */
const READ_EVERY_MS = 60_000;

/**
 * What a pod is given to reach its API server: an address in its environment, a token and the cluster's CA in a folder,
 * which are read again every minute. Read here and not by @kubernetes/client-node, which would cost each server in a
 * cluster 60 MB and most of its start for these two files.
 */
export function serviceAccount(host: string, port: string, folder: string): CredentialSource {
  let read: { readonly at: number; readonly options: RequestOptions } | undefined;
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    async options() {
      if (read !== undefined && Math.abs(Date.now() - read.at) < READ_EVERY_MS) return read.options;
      try {
        const [token, ca] = await Promise.all([text(join(folder, 'token')), text(join(folder, 'ca.crt'))]);
        read = { at: Date.now(), options: { ca, headers: { Authorization: `Bearer ${token}` } } };
      } catch (error) {
        // Those before are good for longer than the kubelet takes to replace them.
        if (read === undefined) throw error;
      }
      return read.options;
    },
  };
}

async function text(path: string): Promise<string> {
  const content = (await readFile(path, 'utf8')).trim();
  if (content === '') throw new Error(`${path} is empty`);
  return content;
}
