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
}

/** What was looked up, or why it cannot be known. */
export interface Found {
  readonly lookup: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** What a worker sends. */
export type FromWorker = { readonly isReady: true } | Done | Wanted | Told;

/** A review was decided. */
export interface Done {
  readonly job: number;
  readonly decided: Decided;
}

/** Something is to be looked up; `kind` is its place among the kinds that rules look up. */
export interface Wanted {
  readonly lookup: number;
  readonly kind: number;
  readonly namespace: string;
  readonly name: string;
}

/** What a rule left behind failed, outside of any review. */
export interface Told {
  readonly failure: string;
}

/**
 * What a worker and its owner share, of whole numbers: the rule that runs (its place among the rules, from 1; 0: none), how
 * many have begun (so that the same rule again is told from one that does not end), and whether it waits for a lookup.
 */
export const CELLS = 3;
export const RUNNING = 0;
export const BEGUN = 1;
export const WAITING = 2;
