import type { KubeVersion } from '../webhook/kube-version.ts';
import type { Route } from '../webhook/match.ts';
import type { Summary } from '../webhook/summary.ts';

/**
 * What a worker is sent, as the JSON of a frame. It is at one review at a time: until it has said what that came to, or
 * what it waits for, it is sent nothing about another, but to forget it.
 */
export type ToWorker = Job | Found | Forget;

/** A review to decide; its body is the frame's bytes. */
export interface Job {
  /** Nobody can guess it, so that what a rule might send by itself is no word about another's review. */
  readonly job: string;
  readonly route: Route;
  readonly kubeVersion?: KubeVersion | undefined;
  /** Rules that must not run, by their names, and why: each is a failure. */
  readonly heldBack: { readonly [rule: string]: string };
  /** Whether the worker says which rule it begins: a message a rule, so only where that will be asked. */
  readonly isTraced: boolean;
}

/** What a review has waited for, in the order in which it was wanted; or why that cannot be known. */
export type Found =
  // JSON knows no undefined, which is what is known not to exist.
  | { readonly job: string; readonly found: readonly { readonly value?: unknown }[] }
  | { readonly job: string; readonly unknown: string };

/** A review that waits is decided elsewhere. */
export interface Forget {
  readonly job: string;
  readonly isForgotten: true;
}

/** What a worker sends. */
export type FromWorker = { readonly isReady: true } | Unable | Done | Begun | Waits | Told;

/** It cannot begin, and why. */
export interface Unable {
  readonly unable: string;
}

/** A review was decided; the answer's body is the frame's bytes. */
export interface Done extends Stretch {
  readonly status: number;
  readonly summary: Summary;
}

/** A rule begins, or has what it looked up, in a review that is traced; the rule is its place among the rules. */
export interface Begun {
  readonly job: string;
  readonly rule: number;
}

/** A review waits for all that its rule looks up; until that has come, the worker is free. */
export interface Waits extends Stretch {
  readonly wanted: readonly Wanted[];
}

/** Something to look up; `kind` is its place among the kinds that rules look up. */
export interface Wanted {
  readonly kind: number;
  readonly namespace: string;
  readonly name: string;
}

/** What a rule left behind failed, outside of any review. */
export interface Told {
  readonly failure: string;
}

/** A worker has been at a review, and is free. */
export interface Stretch {
  readonly job: string;
  /** For how long the worker was at it, in milliseconds, since it has heard of it. */
  readonly ms: number;
  /** For how long it was busy with something else since the review before: with what a rule has left behind. */
  readonly otherMs: number;
}
