import type { X509Certificate } from 'node:crypto';
import { type Authorities, authorities, type Signer } from './authorities.ts';
import { sha256Of } from './fingerprint.ts';
import { lastLeafEnds, type SelfTimes } from './self-times.ts';

/** A time by the clock of who writes, and the times that hold. */
export interface Now {
  readonly now: Date;
  readonly times: SelfTimes;
}

/** With a next CA, which is trusted from now on. */
export function begun(state: Authorities, next: Signer): Authorities {
  return authorities({ signing: state.signing, next }, state.trusted.values(), state);
}

/** The next CA signs from now on; the one that did is trusted until its last certificate has ended. */
export function promoted(state: Authorities, next: Signer, { now, times }: Now): Authorities {
  const { sha256, certificate } = state.signing;
  const old = new Map([...state.old, [sha256, lastLeafEnds(certificate, now, times)]]);
  return authorities({ signing: next }, state.trusted.values(), { ...state, old });
}

/** Trusts these too, for as long as a replica may serve with a certificate that one of them signed until now. */
export function adopted(state: Authorities, found: readonly X509Certificate[], { now, times }: Now): Authorities {
  const untils = found.map((certificate) => [sha256Of(certificate), lastLeafEnds(certificate, now, times)] as const);
  return authorities(state, [...state.trusted.values(), ...found], {
    gone: state.gone,
    old: new Map([...state.old, ...untils]),
  });
}

/** Trusts these no more. */
export function dropped(state: Authorities, sha256s: readonly string[]): Authorities {
  const left = [...state.trusted].filter(([sha256]) => !sha256s.includes(sha256));
  return authorities(
    state,
    left.map(([, certificate]) => certificate),
    { old: state.old, gone: [...sha256s, ...state.gone] },
  );
}
