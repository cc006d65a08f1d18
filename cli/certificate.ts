import type { Logger } from 'pino';
import type { CertificateState } from '../certs/certificate-state.ts';
import { devCertificate } from '../certs/dev.ts';
import { watchCertificateFiles } from '../certs/files.ts';
import { keepRenewed } from '../certs/keep-renewed.ts';
import { knownState } from '../certs/known-state.ts';
import { type SelfOptions, startSelf } from '../certs/self.ts';
import type { ServingCertificate } from '../certs/serving-certificate.ts';
import type { ClusterClient } from '../cluster/client.ts';
import type { CertificateConfig, Config } from './config.ts';
import { NAME } from './manifests/installation.ts';
import { UsageError } from './usage.ts';

/** The serving certificate to begin with; its successors are handed over until `stop`. */
export interface KeptCertificate extends ServingCertificate {
  /** The CA's file in mode `dev`, for `curl --cacert`. */
  readonly caFile?: string;
  /** What can be told of the certificate that is served with now, and of what trusts it. */
  state(): CertificateState;
  stop(): void;
}

/** What of mode `self` no configuration says, and a test may: how long things take, and what time it is. */
export type SelfSettings = Pick<SelfOptions, 'times' | 'clock'>;

interface Keeping {
  /** What mode `self` needs. */
  readonly client: ClusterClient | undefined;
  readonly log: Logger;
  /** Ends a start that waits. */
  readonly signal: AbortSignal;
  /** Is called with each successor, never before the first one was given. */
  readonly onRenewed: (next: ServingCertificate) => void;
  readonly self: SelfSettings;
}

/** Gives the certificate of the configured mode. Throws UsageError where a person must see to it first. */
export async function keptCertificate(config: Config, keeping: Keeping): Promise<KeptCertificate> {
  const { certificate } = config;
  try {
    if (certificate.mode === 'dev') return await dev(certificate, keeping);
    if (certificate.mode === 'files') return await files(certificate, keeping);
    return await self(config, keeping);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function dev({ folder, names }: CertificateConfig, { log, onRenewed }: Keeping): Promise<KeptCertificate> {
  const renew = () => devCertificate({ folder, names, now: new Date() });
  const first = await renew();
  let current = first;
  const stop = keepRenewed({
    current: first,
    renew,
    apply(next) {
      onRenewed(next);
      current = next;
    },
    onError: (error) => log.error({ reason: String(error) }, 'the certificate was not renewed; the old one stays'),
  });
  return { ...first, state: () => knownState(current, current.ca), stop };
}

async function files({ folder, names }: CertificateConfig, { log, onRenewed }: Keeping): Promise<KeptCertificate> {
  let current: ServingCertificate | undefined;
  const { certificate, stop } = await watchCertificateFiles({
    folder,
    names,
    onChange(next) {
      onRenewed(next);
      current = next;
    },
    onError: (error) => log.error({ reason: error.message }, 'the serving certificate'),
  });
  return { ...certificate, state: () => knownState(current ?? certificate), stop };
}

async function self(
  { certificate: { secret, names }, namespace, registration }: Config,
  { client, log, signal, onRenewed, self: settings }: Keeping,
): Promise<KeptCertificate> {
  if (client === undefined) throw new Error('certificate mode self needs the cluster');
  const { certificate, state, stop } = await startSelf({
    client,
    namespace,
    name: NAME,
    secret,
    names,
    registration,
    onRenewed,
    log,
    signal,
    ...settings,
  });
  return { ...certificate, state, stop };
}
