import type { Decided } from '../webhook/deciding.ts';
import type { KubeVersion } from '../webhook/kube-version.ts';
import type { Route } from '../webhook/match.ts';

/** What a worker is sent. */
export type ToWorker = Job | Found;

/** A review to decide. */
export interface Job {
  readonly job: number;
  readonly body: Uint8Array;
  readonly route: Route;
  readonly kubeVersion: KubeVersion | undefined;
  /** Rules that must not run, by their names, and why: each is a failure. */
  readonly heldBack: { readonly [rule: string]: string };
  /** Whether the worker says which rule it begins: a message a rule, so only where that will be asked. */
  readonly isTraced: boolean;
}

/** What was looked up, or why it cannot be known. */
export interface Found {
  readonly lookup: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** What a worker sends. */
export type FromWorker = { readonly isReady: true } | Unable | Done | Begun | Wanted | Told;

/** It cannot begin, and why. */
export interface Unable {
  readonly unable: string;
}

/** A review was decided. */
export interface Done {
  readonly job: number;
  readonly decided: Decided;
}

/** A rule begins, in a review that is traced; the rule is its place among the rules. */
export interface Begun {
  readonly job: number;
  readonly rule: number;
}

/** A review needs something looked up; `kind` is its place among the kinds that rules look up. */
export interface Wanted {
  readonly job: number;
  readonly lookup: number;
  readonly kind: number;
  readonly namespace: string;
  readonly name: string;
}

/** What a rule left behind failed, outside of any review. */
export interface Told {
  readonly failure: string;
}
