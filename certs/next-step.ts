import type { X509Certificate } from 'node:crypto';
import type { Authorities, Signer } from './authorities.ts';
import { sha256Of } from './fingerprint.ts';
import { adopted, begun, dropped, type Now, promoted } from './rotation.ts';

/** What one replica sees besides the Secret. */
export interface Sight {
  /** The CA that it serves with. */
  readonly mine: X509Certificate;
  /** What the configurations trusted before the Secret was read. */
  readonly inConfigurations: readonly X509Certificate[];
  /** Whether every configuration that exists has carried a CA for as long as a planned step takes to settle. */
  isSettled(sha256: string): boolean;
}

/** A change of the Secret that is due, and what a log says of it. */
export interface Step {
  readonly does: string;
  readonly cas: readonly string[];
  readonly state: Authorities;
}

/** With so many old CAs no rotation begins: every configuration carries them, and they stay for a certificate's life. */
export const MOST_OLD = 5;

/**
 * The one change that is due now, or undefined. Whoever writes it does so in place of the very state that it was made
 * of (resourceVersion); so it does not matter which replica does, or how many try. `newCa` is asked only where it must.
 */
export async function nextStep(
  state: Authorities,
  sight: Sight,
  at: Now,
  newCa: () => Promise<Signer>,
): Promise<Step | undefined> {
  const { signing, next } = state;
  const replaced = await replacement(state, at, newCa);
  if (replaced !== undefined) return replaced;
  const unknown = unaccounted(state, sight);
  if (unknown.length > 0) {
    return step(
      'a replica may serve with a CA that the Secret lacks: trusting it',
      unknown,
      adopted(state, unknown, at),
    );
  }
  const over = [...state.old].filter(([sha256, until]) => until <= at.now && sha256 !== sha256Of(sight.mine));
  if (over.length > 0) {
    const sha256s = over.map(([sha256]) => sha256);
    const certificates = sha256s.flatMap((sha256) => state.trusted.get(sha256) ?? []);
    return step('the last certificate of an old CA has ended: dropping it', certificates, dropped(state, sha256s));
  }
  if (next !== undefined) {
    if (!sight.isSettled(next.sha256)) return undefined;
    return step(
      'every configuration trusts the next CA: it signs from now on',
      [next.certificate],
      promoted(state, next, at),
    );
  }
  if (at.now < rotationDue(signing.certificate) || rotationProblem(state) !== undefined) return undefined;
  const ca = await newCa();
  return step('the CA is past two thirds of its life: making the next one', [ca.certificate], begun(state, ca));
}

/** What a CA at its end leads to, whatever else there is: soon nobody accepts what it signs, so another one signs at once. */
export async function replacement(
  state: Authorities,
  at: Now,
  newCa: () => Promise<Signer>,
): Promise<Step | undefined> {
  const { signing, next } = state;
  if (!isSpent(signing.certificate, at)) return undefined;
  const successor = next === undefined || isSpent(next.certificate, at) ? await newCa() : next;
  return step(
    'the CA has ended, or is about to: another one signs at once',
    [successor.certificate],
    promoted(state, successor, at),
  );
}

/** Why no rotation may begin, to which there is nothing to do but to wait; undefined where one may. */
export function rotationProblem({ old }: Authorities): string | undefined {
  if (old.size < MOST_OLD) return undefined;
  const first = new Date(Math.min(...[...old.values()].map((until) => until.getTime())));
  return `${old.size} old CAs are still trusted, since certificates of theirs may be in use; the first is dropped after ${first.toISOString()}`;
}

/** When a CA's successor is due. An hour of its life lies before it was made (issue.ts). */
export function rotationDue({ validFromDate, validToDate }: X509Certificate): Date {
  const from = madeAt({ validFromDate }).getTime();
  return new Date(from + ((validToDate.getTime() - from) * 2) / 3);
}

/** When a CA of ours was made. */
export function madeAt({ validFromDate }: Pick<X509Certificate, 'validFromDate'>): Date {
  return new Date(validFromDate.getTime() + 3_600_000);
}

/**
 * The CAs that may have signed what is served with, and that the Secret does not know: after an older Secret was put in
 * its place, or none was there. This replica's own is one whatever the Secret says of it; in configurations only those
 * that are called as ours are. A stranger's is never taken up.
 */
function unaccounted({ signing, next, trusted, old, gone }: Authorities, sight: Sight): X509Certificate[] {
  const known = new Set([signing.sha256, next?.sha256, ...old.keys()]);
  const ours = [...trusted.values(), ...sight.inConfigurations].filter(isOurs);
  const found = new Map(ours.map((certificate) => [sha256Of(certificate), certificate]));
  for (const sha256 of gone) found.delete(sha256);
  const mine = sha256Of(sight.mine);
  // A person's, which stands in ca.crt and has no end there, needs none.
  if (!trusted.has(mine)) found.set(mine, sight.mine);
  return [...found].filter(([sha256]) => !known.has(sha256)).map(([, certificate]) => certificate);
}

/** By the name that issueCertificateAuthority gives. */
function isOurs({ subject, ca }: X509Certificate): boolean {
  return ca && /^CN=Portcullis CA [0-9a-f]{16}$/.test(subject);
}

/**
 * Whether a certificate of this CA could end by somebody's clock before it is renewed by ours, at two thirds of its life.
 * Of a CA that lives for hours, a tenth is enough.
 */
export function isSpent({ validFromDate, validToDate }: X509Certificate, { now, times }: Now): boolean {
  const life = validToDate.getTime() - madeAt({ validFromDate }).getTime();
  return validToDate.getTime() - now.getTime() <= Math.min(3 * times.skewMs, life / 10);
}

function step(does: string, certificates: readonly X509Certificate[], state: Authorities): Step {
  return { does, cas: certificates.map(({ subject }) => subject), state };
}
