/** What the server puts up with (DESIGN.md §9). Times are in milliseconds, sizes in bytes. */
export interface Limits {
  readonly body: number;
  readonly keepAlive: number;
  readonly headers: number;
  readonly request: number;
}

export const LIMITS: Limits = {
  /** The largest review an API server can make is about 27 MiB: object and old object, each `<` as six bytes (protocol.md §1.2). */
  body: 32 * 1024 * 1024,
  /** The API server lets a connection idle for 90 s; whoever closes first loses the race, so that must be it. */
  keepAlive: 120_000,
  /** controller-runtime's figure; a client that needs longer for its headers is none of ours. */
  headers: 32_000,
  /** A webhook's timeout is 30 s at most; nobody waits for an answer to a body that took longer. */
  request: 35_000,
};

/** How long busy connections get after the drain delay: the API server waits 30 s for a webhook at most. */
export const DRAIN_DEADLINE_MS = 30_000;
