import { X509Certificate } from 'node:crypto';
import type { ClusterClient } from '../cluster/client.ts';
import { authorityIn, type SharedAuthority, sharedSecret, unusable } from './ca-secret.ts';
import { encodedNames } from './encoded-names.ts';
import { issueServingCertificate } from './issue.ts';
import { keepCaBundle } from './keep-ca-bundle.ts';
import { keepRenewed, type Time, wallTime } from './keep-renewed.ts';
import { type Log, onChange } from './log.ts';
import { loopbackNames, subjectNames } from './names.ts';
import { type Pause, patiently, reasonOf, wallPause } from './patiently.ts';
import { type IssuedCertificate, renewalTime } from './serving-certificate.ts';

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
  /** Is to serve with the next certificate (the server's setSecureContext). What it throws is told; the old one stays. */
  readonly onRenewed: (next: IssuedCertificate) => void;
  readonly log: Log;
  /** Ends everything, also a start that waits for the API server. */
  readonly signal?: AbortSignal;
  readonly time?: Time;
  readonly pause?: Pause;
}

/** What is served with at first. */
export interface SelfCertificate {
  readonly certificate: IssuedCertificate;
  /** The CA and what else is trusted, as PEM. */
  readonly ca: string;
  /** Ends every timer and request. */
  stop(): void;
}

/** A certificate, and the CA that signed it: its key is for nobody else, so `withoutCa` leaves it out. */
interface Signed extends IssuedCertificate {
  readonly ca: SharedAuthority;
}

/** In memory alone and made anew by each replica, so it can be short; that of mode `dev` is as long. */
const LEAF_DAYS = 30;
/** Of a leaf's days: it is due for renewal with ten left, so that people have five to see to the Secret. */
const LAST_DAYS = 5;

/**
 * Certificate mode `self`: the replicas share a CA in a Secret, which the first of them makes; each serves with a
 * certificate of its own, whose key never leaves its memory; and the webhook configurations are kept trusting the CA
 * (keepCaBundle). A renewal reads the Secret again. Where it finds another CA, the order is: the configurations trust
 * both, API servers have seen that, and only then is the new one served with.
 *
 * While the API server cannot be reached or refuses, the start waits, and says why once until it changes. Rejects
 * for names that no certificate can carry, and for a Secret that a person must see to (authorityIn).
 */
export async function startSelf(options: SelfOptions): Promise<SelfCertificate> {
  const { client, namespace, name, log, onRenewed, time = wallTime, pause = wallPause } = options;
  const names = subjectNames([...serviceNames(name, namespace), ...loopbackNames, ...options.names]);
  const secret = { client, namespace, name: options.secret };
  const ending = new AbortController();
  const signal = AbortSignal.any([ending.signal, ...(options.signal === undefined ? [] : [options.signal])]);

  const secretName = `${namespace}/${secret.name}`;
  const tell = onChange();
  const tellOfAnother = onChange();
  const onFailure = (error: unknown) => {
    const reason = reasonOf(error);
    tell(reason, () => log.error({ secret: secretName, reason }, 'waiting for the CA; trying on'));
  };
  const data = await patiently(() => sharedSecret(secret, { now: time.now(), signal }), { onFailure, pause, signal });
  const ca = authorityIn(data, secret, time.now());
  log.info({ secret: secretName, ca: subjectOf(ca) }, 'signing with the CA of the Secret');
  let current = await issued(ca);
  const keeper = await keepCaBundle({ client, name, trusted: ca.bundle, log, pause, signal });
  const stopRenewing = keepRenewed({
    current,
    renew: issuedAnew,
    apply(next) {
      onRenewed(withoutCa(next));
      current = next;
      keeper.trust(next.ca.bundle);
      tell('renewed', () => {});
    },
    onError(error) {
      const reason = reasonOf(error);
      tell(reason, () => log.error({ reason }, 'the certificate was not renewed; the old one stays, trying on'));
    },
    time,
  });
  signal.addEventListener('abort', stopRenewing);
  return { certificate: withoutCa(current), ca: ca.bundle, stop: () => ending.abort() };

  async function issuedAnew(): Promise<Signed> {
    const next = await issued(await authorityNow());
    if (next.ca.cert !== current.ca.cert) {
      const ca = subjectOf(next.ca);
      tellOfAnother(next.ca.cert, () =>
        log.warn({ secret: secretName, ca }, 'the Secret holds another CA: changing over to it'),
      );
      await keeper.publish(next.ca.bundle + current.ca.bundle);
    }
    return next;
  }

  /** What the Secret holds; where that cannot be had and the certificate is near its end, what it held. */
  async function authorityNow(): Promise<SharedAuthority> {
    try {
      return authorityIn(await sharedSecret(secret, { now: time.now(), signal }), secret, time.now());
    } catch (error) {
      if (signal.aborted || time.now().getTime() < current.notAfter.getTime() - LAST_DAYS * 86_400_000) throw error;
      log.error({ reason: reasonOf(error) }, 'signing with the CA that the Secret held: the certificate would end');
      return current.ca;
    }
  }

  async function issued(ca: SharedAuthority): Promise<Signed> {
    const now = time.now();
    const certificate = new X509Certificate(ca.cert);
    const until = { ca: subjectOf(ca), caUntil: certificate.validToDate };
    if (now >= renewalTime(certificate)) log.warn(until, 'the CA is past two thirds of its life, and not renewed');
    const leaf = await issueServingCertificate({ ca, names, now, days: LEAF_DAYS }).catch((error: Error) => {
      throw unusable(secret, `signs nothing: ${error.message}`);
    });
    // selfsigned writes the CA's name anew, and not always as a CA that a person made has it.
    if (!encodedNames(new X509Certificate(leaf.cert)).issuer.equals(encodedNames(certificate).subject)) {
      throw unusable(
        secret,
        'has a name in an encoding that no certificate of ours can repeat, and API servers look for',
      );
    }
    return { ...leaf, renewAt: jittered(leaf), ca };
  }
}

/** What the API server calls a Service's server (`NAME.NAMESPACE.svc`), and what else pods may. */
function serviceNames(name: string, namespace: string): string[] {
  const service = `${name}.${namespace}`;
  return [`${service}.svc`, service, `${service}.svc.cluster.local`];
}

/** Up to two days of thirty earlier, so that replicas that started together do not renew together. */
function jittered({ renewAt, notAfter }: IssuedCertificate): Date {
  const rest = notAfter.getTime() - renewAt.getTime();
  return new Date(renewAt.getTime() - (rest / 5) * Math.random());
}

function withoutCa({ ca: _, ...certificate }: Signed): IssuedCertificate {
  return certificate;
}

function subjectOf({ cert }: SharedAuthority): string {
  return new X509Certificate(cert).subject;
}
