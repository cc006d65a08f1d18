import { type Authorities, authorities, authoritiesIn, dataWith, type SecretData, type Signer } from './authorities.ts';
import { type CaSecret, createSecret, readSecret, replaceSecret, type StoredSecret } from './ca-secret.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import { replacement } from './next-step.ts';
import { patiently, reasonOf } from './patiently.ts';
import type { Problems } from './problems.ts';
import type { SelfTimes } from './self-times.ts';
import { unusableSecret } from './unusable-secret.ts';

/** The CAs as one version of the Secret has them. */
export interface ReadAuthorities {
  readonly state: Authorities;
  readonly stored: StoredSecret;
  /** Before it was asked for. */
  readonly at: Date;
}

/** The CAs of the Secret, and what this replica remembers of them. */
export interface SharedAuthorities {
  /** As they were when they were read, or written, last. */
  readonly remembered: Authorities;
  /**
   * Reads them. A Secret that is gone is written back with what is remembered, keys included: of several replicas the
   * first one's counts. Undefined, and told, while the Secret cannot be read or holds no CA: it is left as it is, and what
   * is remembered goes on.
   */
  read(): Promise<ReadAuthorities | undefined>;
  /** Writes others in the place of those read; false where somebody else was faster. Rejects as the client does. */
  write(read: ReadAuthorities, next: Authorities): Promise<boolean>;
}

/** What it takes to share them. */
export interface Sharing {
  readonly secret: CaSecret;
  readonly newCa: () => Promise<Signer>;
  readonly clock: Clock;
  readonly times: SelfTimes;
  readonly problems: Problems;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Reads the CAs, makes the Secret with a new one where there is none, and has one that has ended replaced at once. While the API server cannot be reached or
 * refuses, it waits, and says why once until it changes. Rejects with what a person must do for a Secret that holds no
 * CA.
 */
export async function sharedAuthorities(
  sharing: Sharing,
): Promise<{ readonly shared: SharedAuthorities; readonly first: ReadAuthorities }> {
  const { secret, clock, times, problems, log, signal } = sharing;
  const onFailure = (error: unknown) => problems.set('waiting for the CA; trying on', reasonOf(error));
  const first = await patiently(begun, { onFailure, pause: clock.pause, signal });
  problems.clear('waiting for the CA; trying on');
  if (typeof first === 'string') throw new Error(unusableSecret(secret, first));
  let remembered: { readonly state: Authorities; readonly data: SecretData } = {
    state: first.state,
    data: first.stored.data,
  };
  const shared: SharedAuthorities = {
    get remembered() {
      return remembered.state;
    },
    async read() {
      try {
        const found = (await read()) ?? (await writtenBack());
        if (found === undefined) return undefined;
        problems.clear(UNREADABLE);
        if (typeof found === 'string') {
          problems.set(UNUSABLE, unusableSecret(secret, found));
          return undefined;
        }
        problems.clear(UNUSABLE);
        remembered = { state: found.state, data: found.stored.data };
        return found;
      } catch (error) {
        signal.throwIfAborted();
        problems.set(UNREADABLE, reasonOf(error));
        return undefined;
      }
    },
    async write({ stored }, next) {
      const written = await replaceSecret(secret, stored, dataWith(stored.data, next), signal);
      if (written !== undefined) remembered = { state: next, data: written.data };
      return written !== undefined;
    },
  };
  return { shared, first };

  async function begun(): Promise<ReadAuthorities | string> {
    const found = await read();
    if (typeof found === 'object') return unended(found);
    if (found !== undefined) return found;
    const signing = await sharing.newCa();
    const made = await created({}, authorities({ signing }, [], { old: new Map(), gone: [] }));
    const theirs = made ?? (await read());
    if (theirs === undefined) throw new Error('the Secret was made by somebody else, and is gone again');
    return theirs;
  }

  async function unended(found: ReadAuthorities): Promise<ReadAuthorities | string> {
    const step = await replacement(found.state, { now: clock.now(), times }, sharing.newCa);
    if (step === undefined) return found;
    const at = clock.now();
    const stored = await replaceSecret(secret, found.stored, dataWith(found.stored.data, step.state), signal);
    if (stored === undefined) throw new Error('the Secret was changed by somebody else');
    log.info({ cas: step.cas }, step.does);
    return understood(stored, at);
  }

  /** Undefined where there is no Secret; a predicate where it is of no use. */
  async function read(): Promise<ReadAuthorities | string | undefined> {
    const at = clock.now();
    const stored = await readSecret(secret, signal);
    return stored === undefined ? undefined : understood(stored, at);
  }

  async function writtenBack(): Promise<ReadAuthorities | string | undefined> {
    const made = await created(remembered.data, remembered.state);
    if (made !== undefined) log.warn({}, 'the Secret was gone: wrote back what it held');
    return made ?? (await read());
  }

  async function created(data: SecretData, state: Authorities): Promise<ReadAuthorities | string | undefined> {
    const at = clock.now();
    const stored = await createSecret(secret, dataWith(data, state), signal);
    return stored === undefined ? undefined : understood(stored, at);
  }

  function understood(stored: StoredSecret, at: Date): ReadAuthorities | string {
    const state = authoritiesIn(stored.data);
    if (typeof state === 'string') return state;
    const { validFromDate } = state.signing.certificate;
    // It was made to be valid an hour before that, by another clock; then the two are further apart than that.
    if (validFromDate.getTime() - at.getTime() > times.skewMs) {
      return `is not valid before ${validFromDate.toISOString()}, and here it is ${at.toISOString()}: see to the clocks first`;
    }
    return { state, stored, at };
  }
}

const UNREADABLE = 'the Secret cannot be read or written; going on with the CA that it held';
const UNUSABLE = 'the Secret holds no CA that can be used; going on with the one that it held';
