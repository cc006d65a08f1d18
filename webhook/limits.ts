/** What the server puts up with (DESIGN.md §9). Times are in milliseconds, sizes in bytes. */
export interface Limits {
  readonly body: number;
  readonly keepAlive: number;
  readonly headers: number;
  readonly request: number;
  /** Reviews on their way at once, from their bodies read. */
  readonly reviews: number;
  /** Bytes of bodies on their way at once, as they come. */
  readonly bytes: number;
  readonly connections: number;
  /** How old a connection may become. */
  readonly connection: number;
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
  /** At 0.2 ms each they are answered within 0.1 s; who waits behind more is better served by another replica. */
  reviews: 500,
  /**
   * Each takes 60 kB, and 200 more while it is busy, of a pod's 512 MiB. An API server writes 200 objects at a time
   * (`--max-mutating-requests-inflight`), so that a handful of them find room at one replica.
   */
  connections: 2000,
  /** Parsed and copied, a body takes up to five times its size, and a pod has 512 MiB: two of the largest. */
  bytes: 64 * 1024 * 1024,
  /** A new replica has its share soon after; a handshake every few minutes costs nothing. */
  connection: 300_000,
};

/** How long busy connections get after the drain delay: the API server waits 30 s for a webhook at most. */
export const DRAIN_DEADLINE_MS = 30_000;
