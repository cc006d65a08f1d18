import { spawn } from 'node:child_process';
import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { isolate } from '../isolation/isolation.ts';
import { MOST_MEGABYTES } from '../isolation/pool.ts';
import type { StartProcess } from '../isolation/worker-process.ts';
import { builtInRules } from '../rules/index.ts';
import { type Deciding, decidingHere } from '../webhook/deciding.ts';
import type { Engine } from '../webhook/engine.ts';
import { type Route, webhookOf } from '../webhook/match.ts';
import { routes } from '../webhook/registration.ts';
import type { Config } from './config.ts';
import type { RuleWorkerData } from './rule-worker.ts';
import { UsageError } from './usage.ts';

/** Who decides the reviews of which route. */
export interface IsolatedRules {
  deciding(route: Route): Deciding;
  /** Resolves once reviews can be decided; rejects where rules that were loaded here cannot be loaded in a worker. */
  readonly ready: Promise<void>;
  /** Why no worker could begin a review, in words; empty while one could. */
  unready(): string[];
  close(): void;
}

/**
 * One beside the stuck one. More would not decide more: what a review costs this process, for TLS and HTTP, is more than
 * what it costs a worker.
 */
const WORKERS = 2;

/**
 * Gives the routes that carry loaded rules (all routes for isolation `all`, none for `none`) to worker processes, which
 * load the rules as this one did, from the same words. Where no route is isolated there is no worker.
 */
export function isolatedRules(
  config: Pick<Config, 'isolation'>,
  { engine, log, ...data }: RuleWorkerData & { engine: Engine; log: Logger },
): IsolatedRules {
  const here = decidingHere(engine);
  const isIsolated = (route: Route) =>
    config.isolation === 'all' || (config.isolation === 'loaded' && hasLoaded(engine, route));
  if (!routes(engine.rules).some(isIsolated)) {
    return { deciding: () => here, ready: Promise.resolve(), unready: () => [], close() {} };
  }
  const { decide, ready, state, close } = isolate({
    start: ruleWorkers(data),
    engine,
    log,
    size: WORKERS,
    largeMegabytes: megabytesForLarge(process.constrainedMemory(), totalmem()),
  });
  return {
    deciding: (route) => (isIsolated(route) ? decide : here),
    ready: ready.catch((error: Error) => {
      throw new UsageError(`cannot begin: a worker could not load the rules: ${error.message}`);
    }),
    unready() {
      const { workers, fault } = state();
      return workers === 0 && fault !== undefined ? [`no worker could load the rules: ${fault}`] : [];
    },
    close,
  };
}

/**
 * What a worker may hold in memory, in MiB, while it is at a review of more than 2 MiB (waiting.ts): what is left of this
 * container's limit, in bytes, or of the machine's memory. In the 512Mi of the manifests that is as much as for any review.
 */
export function megabytesForLarge(limit: number, memory: number): number {
  const megabytes = (limit > 0 ? Math.min(limit, memory) : memory) / 2 ** 20;
  return Math.min(MOST_FOR_LARGE, Math.max(MOST_MEGABYTES, Math.floor(megabytes) - BESIDES_LARGE));
}

/** Of the server, two workers, and the bytes of reviews on their way. */
const BESIDES_LARGE = 224;
/** The largest reviews there are, of a million and a half of members, edited by three rules. */
const MOST_FOR_LARGE = 1536;

/** Starts processes that load these rules and decide reviews. */
export function ruleWorkers(data: RuleWorkerData): StartProcess {
  const file = fileURLToPath(
    new URL(`./rule-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url),
  );
  const { given, sha256 } = data;
  const told = JSON.stringify({ given, sha256 } satisfies RuleWorkerData);
  return (heapMegabytes) =>
    spawn(process.execPath, [`--max-old-space-size=${heapMegabytes}`, file, told], {
      stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
    });
}

function hasLoaded({ rules: { rules } }: Engine, { phase, webhook }: Route): boolean {
  return rules.some(({ rule }) => rule.phase === phase && webhookOf(rule) === webhook && !builtInRules.includes(rule));
}
