import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { isAtLeast, type KubeVersion, OLDEST_KUBE_VERSION, versionText } from '../webhook/kube-version.ts';
import { ApiError } from './api-error.ts';
import { BACKOFF, type Backoff, pauseAfter } from './backoff.ts';
import type { ClusterClient } from './client.ts';
import { serverVersion } from './version.ts';

/** The API server's version, asked for again and again. */
export interface KeptVersion {
  /** Undefined until the API server has said it. */
  current(): KubeVersion | undefined;
  /** Why it has not said it; undefined once it has answered at all, be it by a refusal: then nobody waits any more. */
  problem(): string | undefined;
  /** Ends it for good: no timer or request remains. */
  stop(): void;
}

/** An upgrade takes longer, and a question this rare costs nobody anything. */
const AGAIN_MS = 10 * 60_000;

/**
 * Asks the API server for its version now, until it answers, and then every ten minutes, since it may be upgraded while
 * this server runs; `againMs` and `backoff` are for tests. Each change is logged once. A version that cannot be had any
 * more stays what it was. Never throws.
 */
export function keepVersion(
  client: ClusterClient,
  log: Pick<Logger, 'info' | 'warn'>,
  { againMs = AGAIN_MS, backoff = BACKOFF }: { readonly againMs?: number; readonly backoff?: Backoff } = {},
): KeptVersion {
  const { server } = client;
  const ending = new AbortController();
  let current: KubeVersion | undefined;
  let problem: string | undefined = 'it is being asked for the first time';
  let logged: string | undefined;
  void run();
  return {
    current: () => current,
    problem: () => problem,
    stop: () => ending.abort(new Error('the server is ending')),
  };

  async function run(): Promise<void> {
    for (let failures = 0; !ending.signal.aborted; ) {
      let wait = againMs;
      try {
        const version = await serverVersion(client, ending.signal);
        failures = 0;
        problem = undefined;
        if (version === undefined) unknown('its answer to GET /version names none');
        else known(version);
      } catch (error) {
        if (ending.signal.aborted) return;
        failed(error);
        wait = pauseAfter(++failures, error, backoff, Math.random());
      }
      // Nothing is lost when the process ends while this waits.
      await pause(wait, undefined, { signal: ending.signal, ref: false }).catch(() => {});
    }
  }

  function known(version: KubeVersion): void {
    current = version;
    const kubernetes = versionText(version);
    if (kubernetes === logged) return;
    logged = kubernetes;
    if (isAtLeast(version, OLDEST_KUBE_VERSION)) log.info({ server, kubernetes }, 'the API server');
    else log.warn({ server, kubernetes }, 'this API server is older than any that Portcullis is made for');
  }

  function failed(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof ApiError) problem = undefined;
    else if (problem !== undefined) problem = reason;
    unknown(reason);
  }

  /** What is known stays known; whether the API server can be reached is told by what needs it. */
  function unknown(reason: string): void {
    if (current !== undefined || reason === logged) return;
    logged = reason;
    log.warn({ server, reason }, 'the API server does not say its version');
  }
}
