import type { ClusterClient } from '../cluster/client.ts';
import type { Signer } from './authorities.ts';
import type { CaSecret } from './ca-secret.ts';
import type { CertificateState } from './certificate-state.ts';
import { type Clock, wallClock } from './clock.ts';
import { keepCaBundle } from './keep-ca-bundle.ts';
import { ISSUER, type Issuer, issuedLeaf, type Leaf, newSigner } from './leaf.ts';
import type { Log } from './log.ts';
import { loopbackNames, subjectNames } from './names.ts';
import { keptProblems } from './problems.ts';
import { keepRotating } from './rounds.ts';
import { selfState } from './self-state.ts';
import { SELF_TIMES, type SelfTimes } from './self-times.ts';
import type { IssuedCertificate } from './serving-certificate.ts';
import { sharedAuthorities } from './shared-authorities.ts';
import { unusableSecret } from './unusable-secret.ts';

/** Where mode `self` is at work, and whom it tells. */
export interface SelfOptions {
  readonly client: ClusterClient;
  /** Portcullis' own. */
  readonly namespace: string;
  /** Of the Service in that namespace, and of both webhook configurations. */
  readonly name: string;
  /** Of the Secret in that namespace that holds the CA. */
  readonly secret: string;
  /** What clients call the server, besides the Service's names and the loopback names. */
  readonly names: readonly string[];
  /** `bundle` unless said: CAs are put into the configurations. Under `none` somebody else does, and they are looked at alone. */
  readonly registration?: 'bundle' | 'none';
  /** Is to serve with the next certificate (the server's setSecureContext). What it throws is told; the old one stays. */
  readonly onRenewed: (next: IssuedCertificate) => void;
  readonly log: Log;
  /** Ends everything, also a start that waits for the API server. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly times?: SelfTimes;
  readonly issuer?: Issuer;
}

/** What is served with at first. */
export interface SelfCertificate {
  readonly certificate: IssuedCertificate;
  /** The CA and what else is trusted, as PEM. */
  readonly ca: string;
  /** What can be told at this moment. */
  state(): CertificateState;
  /** Ends every timer and request. */
  stop(): void;
}

/**
 * Certificate mode `self`: the replicas share their CAs in a Secret, which the first of them makes; each serves with a
 * certificate of its own, whose key never leaves its memory; the webhook configurations are kept trusting the CAs
 * (keepCaBundle); and whoever finds it due replaces the CA (keepRotating). ARCHITECTURE.md says why that loses no review.
 *
 * While the API server cannot be reached or refuses, the start waits, and says why once until it changes. Rejects
 * for names that no certificate can carry, and for a Secret that a person must see to (unusableSecret).
 */
export async function startSelf(options: SelfOptions): Promise<SelfCertificate> {
  const { client, namespace, name, onRenewed, clock = wallClock, times = SELF_TIMES, issuer = ISSUER } = options;
  const names = subjectNames([...serviceNames(name, namespace), ...loopbackNames, ...options.names]);
  const secret = { client, namespace, name: options.secret };
  const ending = new AbortController();
  const signal = AbortSignal.any([ending.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const secretName = `${namespace}/${secret.name}`;
  const log = options.log;
  const problems = keptProblems(log, { secret: secretName });
  const newCa = () => newSigner(clock.now(), times, issuer);
  const everywhere = { clock, times, problems, log, signal, newCa };

  const { shared, first } = await sharedAuthorities({ ...everywhere, secret });
  log.info({ secret: secretName, ca: first.state.signing.certificate.subject }, 'signing with the CA of the Secret');
  let leaf = await issued(first.state.signing, first.at);
  const keeper = await keepCaBundle({
    ...everywhere,
    client,
    name,
    wanted: { trusted: first.state.trusted, gone: new Set() },
    registration: options.registration === 'none' ? { mode: 'none', advice: advice(secret) } : { mode: 'bundle' },
    readGone: async () => new Set((await shared.read())?.state.gone),
  });
  // Whoever starts together with the first one, or with another CA, may be called before that is known.
  if (keeper.carriedForMs(leaf.ca.sha256) < times.settleMs) await clock.pause(times.settleMs, signal);
  void keepRotating({ ...everywhere, shared, keeper, current: () => leaf, renew });
  return {
    certificate: leaf.certificate,
    ca: [...first.state.trusted.values()].join(''),
    state: () => selfState({ leaf, authorities: shared.remembered, keeper, problems }),
    stop: () => ending.abort(),
  };

  async function renew(ca: Signer, now: Date): Promise<void> {
    const next = await issued(ca, now);
    signal.throwIfAborted();
    onRenewed(next.certificate);
    leaf = next;
  }

  async function issued(ca: Signer, now: Date): Promise<Leaf> {
    return issuedLeaf(ca, { names, now, times, issuer }).catch((error: Error) => {
      throw new Error(unusableSecret(secret, error.message));
    });
  }
}

/** What the API server calls a Service's server (`NAME.NAMESPACE.svc`), and what else pods may. */
function serviceNames(name: string, namespace: string): string[] {
  const service = `${name}.${namespace}`;
  return [`${service}.svc`, service, `${service}.svc.cluster.local`];
}

/** The Secret's ca.crt is what a caBundle is: the certificates' PEM in base64. */
function advice({ namespace, name }: Omit<CaSecret, 'client'>): string {
  // In quotes and backticks that a log's JSON leaves as they are.
  const command = `kubectl get secret ${name} --namespace ${namespace} --template '{{index .data \`ca.crt\`}}'`;
  return `registration is none, so put what this prints into the caBundle of each of its webhooks: ${command}`;
}
