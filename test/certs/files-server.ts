import { X509Certificate } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:https';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { watchCertificateFiles } from '../../certs/files.ts';
import { type Time, wallTime } from '../../certs/keep-renewed.ts';
import { emptyFolder } from './empty-folder.ts';
import { serving } from './https.ts';
import { type Made, made } from './made.ts';

/** What clients trust in these tests. */
export const ca = made({ isAuthority: true, commonName: 'the CA of the files' });

/** Another pair of that CA, for localhost. */
export function another(): Made {
  return made({ issuer: ca });
}

/** A server with the pair of a folder, and what the watch over that folder said. */
export interface FilesServer {
  readonly folder: string;
  readonly port: number;
  /** The texts of the certificates that were handed over, in their order. */
  readonly applied: readonly string[];
  readonly errors: readonly string[];
  stop(): void;
}

/** Serves and watches a new folder with this pair until the test ends. */
export async function filesServer(
  t: TestContext,
  first: Made,
  watching: Partial<Pick<Parameters<typeof watchCertificateFiles>[0], 'time' | 'watch'>> = {},
): Promise<FilesServer> {
  const folder = join(await emptyFolder(t), 'certs');
  await mkdir(folder);
  await writeFile(join(folder, 'tls.crt'), first.cert);
  await writeFile(join(folder, 'tls.key'), first.key);
  const applied: string[] = [];
  const errors: string[] = [];
  const { certificate, stop } = await watchCertificateFiles({
    folder,
    names: ['localhost'],
    onChange({ cert, key }) {
      server.setSecureContext({ cert, key });
      applied.push(cert);
    },
    onError: ({ message }) => errors.push(message),
    ...watching,
  });
  t.after(stop);
  const { server, port } = await serving(t, certificate);
  return { folder, port, applied, errors, stop };
}

/** The machine's clock, with waits that take a twentieth of their time. */
export const quickTime: Time = {
  now: wallTime.now,
  after: (milliseconds, run) => wallTime.after(milliseconds / 20, run),
};

/** A client that keeps one connection, closed when the test ends, or one that makes a new one each time. */
export function agentFor(t: TestContext, { keepAlive }: { readonly keepAlive: boolean }): Agent {
  // No session is kept: a resumed one shows no certificate.
  const agent = new Agent({ ca: ca.cert, servername: 'localhost', keepAlive, maxSockets: 1, maxCachedSessions: 0 });
  t.after(() => agent.destroy());
  return agent;
}

/** One request, answered: the fingerprint of the certificate that its connection began with, or that it is an old one. */
export function asked(port: number, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, agent }, (response) => {
      const fingerprint = (response.socket as TLSSocket).getPeerX509Certificate()?.fingerprint256 ?? '';
      response.resume();
      response.on('end', () => resolve(request.reusedSocket ? 'the same connection' : fingerprint));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

export function fingerprintOf({ cert }: Pick<Made, 'cert'>): string {
  return new X509Certificate(cert).fingerprint256;
}
