import type { X509Certificate } from 'node:crypto';
import type { Signer } from './authorities.ts';
import type { Clock } from './clock.ts';
import type { CaBundleKeeper, Wanted } from './keep-ca-bundle.ts';
import type { Leaf } from './leaf.ts';
import type { Log } from './log.ts';
import { isSpent, nextStep, rotationDue, rotationProblem } from './next-step.ts';
import { reasonOf } from './patiently.ts';
import type { Problems } from './problems.ts';
import type { SelfTimes } from './self-times.ts';
import type { ReadAuthorities, SharedAuthorities } from './shared-authorities.ts';

/** What a replica's rounds are about. */
export interface Rounds {
  readonly shared: SharedAuthorities;
  readonly keeper: CaBundleKeeper;
  /** What is served with at the moment. */
  current(): Leaf;
  /** Serves with a certificate of this CA, whose life begins then. Rejects where that fails: the old one stays. */
  renew(ca: Signer, now: Date): Promise<void>;
  readonly newCa: () => Promise<Signer>;
  readonly clock: Clock;
  readonly times: SelfTimes;
  readonly problems: Problems;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Looks at the Secret again and again until the signal is aborted, writes the change that is due in it (nextStep), has
 * the configurations trust what it says, and has the server change over to the CA that signs, or renew its certificate.
 * The order of a round matters: what the configurations trust was looked at before the Secret is read, and a CA is
 * served with only after every configuration has been seen to trust it for as long as API servers take to notice.
 */
export async function keepRotating(rounds: Rounds): Promise<void> {
  const { shared, keeper, clock, times, problems, log, signal } = rounds;
  const goneSince = new Map<string, number>();
  while (!signal.aborted) {
    const wait = await round().catch((error) => {
      if (!signal.aborted) problems.set(FAILED, reasonOf(error));
      return times.roundMs;
    });
    // Replicas that started together are not to ask together.
    await clock.pause(wait * (0.75 + Math.random() / 2), signal).catch(() => {});
  }

  /** Gives the pause until the next one. */
  async function round(): Promise<number> {
    const inConfigurations = keeper.present();
    const read = await shared.read();
    const isWritten = read !== undefined && (await written(read, inConfigurations));
    problems.clear(FAILED);
    // What is written is read, and acted on, in the next round, which follows soon.
    if (isWritten) return Math.min(SOON_MS, times.roundMs);
    keeper.want(wanted(read));
    return served(read);
  }

  async function written(read: ReadAuthorities, inConfigurations: readonly X509Certificate[]): Promise<boolean> {
    const sight = {
      mine: rounds.current().ca.certificate,
      inConfigurations,
      isSettled: (sha256: string) => keeper.carriedForMs(sha256) >= times.plannedSettleMs,
    };
    const step = await nextStep(read.state, sight, { now: clock.now(), times }, rounds.newCa);
    warnOfRotation(read);
    if (step === undefined) {
      // Another replica has written what could not be written here, or it is due no more.
      problems.clear(UNWRITTEN);
      return false;
    }
    try {
      if (await shared.write(read, step.state)) log.info({ cas: step.cas }, step.does);
      problems.clear(UNWRITTEN);
      return true;
    } catch (error) {
      signal.throwIfAborted();
      problems.set(UNWRITTEN, `${reasonOf(error)} (${step.does})`);
      return false;
    }
  }

  function wanted(read: ReadAuthorities | undefined): Wanted {
    const { ca } = rounds.current();
    const { trusted } = shared.remembered;
    return { trusted: new Map([...trusted, [ca.sha256, ca.certificate]]), gone: goneForLong(read, ca) };
  }

  /** A replica that still serves with one of these has had the time to say so. */
  function goneForLong(read: ReadAuthorities | undefined, mine: Signer): Set<string> {
    const now = clock.elapsedMs();
    const gone = new Set(read?.state.gone);
    for (const sha256 of goneSince.keys()) if (!gone.has(sha256)) goneSince.delete(sha256);
    for (const sha256 of gone) if (!goneSince.has(sha256)) goneSince.set(sha256, now);
    const isLong = ([sha256, since]: [string, number]) =>
      now - since >= times.plannedSettleMs && sha256 !== mine.sha256;
    return new Set([...goneSince].filter(isLong).map(([sha256]) => sha256));
  }

  async function served(read: ReadAuthorities | undefined): Promise<number> {
    const { certificate, ca } = rounds.current();
    const { signing } = shared.remembered;
    const now = clock.now();
    const isAnother = signing.sha256 !== ca.sha256;
    if (!isAnother && now < certificate.renewAt) {
      if (read !== undefined) clearOld();
      return times.roundMs;
    }
    const isGood =
      !isSpent(signing.certificate, { now, times }) && keeper.carriedForMs(signing.sha256) >= times.settleMs;
    // An ended certificate is refused by everybody: then no CA is worse.
    const mayRenew = !isAnother || isGood || now >= certificate.notAfter;
    try {
      if (read !== undefined && mayRenew) {
        await rounds.renew(signing, read.at);
        clearOld();
        return times.roundMs;
      }
    } catch (error) {
      problems.set(OLD_STAYS, reasonOf(error));
    }
    // Half of the time that is left for renewals has passed in vain: people have the other half to see to it.
    const isLate = now.getTime() >= (certificate.renewAt.getTime() + certificate.notAfter.getTime()) / 2;
    if (isLate) {
      await rounds.renew(ca, now);
      problems.set(OLD_CA, `the certificate would have ended at ${certificate.notAfter.toISOString()}`);
    }
    return Math.min(times.settleMs, times.roundMs);
  }

  function clearOld(): void {
    for (const subject of [OLD_STAYS, OLD_CA]) problems.clear(subject);
  }

  function warnOfRotation({ state }: ReadAuthorities): void {
    const problem = rotationProblem(state);
    const isDue = state.next === undefined && clock.now() >= rotationDue(state.signing.certificate);
    if (isDue && problem !== undefined) problems.set(NOT_ROTATED, problem, 'warn');
    else problems.clear(NOT_ROTATED);
  }
}

/** After a write: the next round is only to see what came of it. */
const SOON_MS = 1000;

const FAILED = 'looking after the CA failed; trying on';
const UNWRITTEN = 'the Secret cannot be written; trying on';
const OLD_STAYS = 'the certificate was not renewed; the old one stays, trying on';
const OLD_CA = 'signed with the CA that was in use, since no other can be had';
const NOT_ROTATED = 'the CA is past two thirds of its life, and cannot be rotated yet';
