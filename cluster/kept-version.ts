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
  /** Whether it has answered at all, be it by a refusal: from then on nobody waits for it. */
  isAnswered(): boolean;
  /** Ends it for good: no timer or request remains. */
  stop(): void;
}

/** An upgrade takes longer, and a question this rare costs nobody anything. */
const AGAIN_MS = 10 * 60_000;

/**
 * Asks the API server for its version now, until it has said it, and then every ten minutes, since it may be upgraded
 * while this server runs. Each version is logged once; one that cannot be had any more stays what it was. Never throws.
 */
export function keepVersion(
  client: ClusterClient,
  log: Pick<Logger, 'info' | 'warn'>,
  { againMs = AGAIN_MS, backoff = BACKOFF }: { readonly againMs?: number; readonly backoff?: Backoff } = {},
): KeptVersion {
  const ending = new AbortController();
  let current: KubeVersion | undefined;
  let answered = false;
  let logged: string | undefined;
  void run();
  return {
    current: () => current,
    isAnswered: () => answered,
    stop: () => ending.abort(),
  };

  async function run(): Promise<void> {
    for (let failures = 0; !ending.signal.aborted; ) {
      let error: unknown;
      try {
        const version = await serverVersion(client, ending.signal);
        current = version;
        answered = true;
        failures = 0;
        told(version);
      } catch (thrown) {
        if (ending.signal.aborted) return;
        error = thrown;
        failures++;
        if (thrown instanceof ApiError) answered = true;
        failed(thrown);
      }
      const wait = failures === 0 ? againMs : pauseAfter(failures, error, backoff, Math.random());
      // Nothing is lost when the process ends while this waits.
      await pause(wait, undefined, { signal: ending.signal, ref: false }).catch(() => {});
    }
  }

  function told(version: KubeVersion): void {
    const kubernetes = versionText(version);
    if (kubernetes === logged) return;
    logged = kubernetes;
    const { server } = client;
    if (isAtLeast(version, OLDEST_KUBE_VERSION)) log.info({ server, kubernetes }, 'the API server');
    else log.warn({ server, kubernetes }, 'this API server is older than any that Portcullis is made for');
  }

  function failed(error: unknown): void {
    const reason = String(error);
    if (reason !== logged && current === undefined) {
      log.warn({ server: client.server, reason }, 'the API server does not say its version');
      logged = reason;
    }
  }
}
