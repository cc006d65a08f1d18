import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { isolate } from '../isolation/isolation.ts';
import { builtInRules } from '../rules/index.ts';
import { type Deciding, decidingHere } from '../webhook/deciding.ts';
import type { Engine } from '../webhook/engine.ts';
import { type Route, webhookOf } from '../webhook/match.ts';
import { routes } from '../webhook/registration.ts';
import type { Config } from './config.ts';
import type { RuleWorkerData } from './rule-worker.ts';

/** Who decides the reviews of which route. */
export interface IsolatedRules {
  deciding(route: Route): Deciding;
  /** Resolves once reviews can be decided; rejects where rules that were loaded here cannot be loaded in a worker. */
  readonly ready: Promise<void>;
  close(): void;
}

/** Megabytes of a worker's heap: rules' own objects are a review's size, of 32 MiB at most, parsed and copied. */
const HEAP_MB = 256;

/**
 * Gives the routes that carry loaded rules (all routes for isolation `all`, none for `none`) to worker threads, which
 * load the rules as this one did, from the same words. Where no route is isolated there is no worker.
 */
export function isolatedRules(
  config: Pick<Config, 'isolation'>,
  { engine, sha256, given, environment, log }: Loaded & { engine: Engine; log: Logger },
): IsolatedRules {
  const here = decidingHere(engine);
  const isIsolated = (route: Route) =>
    config.isolation === 'all' || (config.isolation === 'loaded' && hasLoaded(engine, route));
  if (!routes(engine.rules).some(isIsolated)) {
    return { deciding: () => here, ready: Promise.resolve(), close() {} };
  }
  const isSource = import.meta.url.endsWith('.ts');
  const file = new URL(`./rule-worker.${isSource ? 'ts' : 'js'}`, import.meta.url);
  const { decide, ready, close } = isolate({
    start: (cells) =>
      new Worker(file, {
        workerData: { given, environment: { ...environment }, sha256, cells } satisfies RuleWorkerData,
        resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      }),
    engine,
    log,
    // One beside the stuck one, at the least.
    size: Math.max(2, availableParallelism() - 1),
  });
  return { deciding: (route) => (isIsolated(route) ? decide : here), ready, close };
}

/** What the server was told, and what tells the rules that came of it from others. */
type Loaded = Omit<RuleWorkerData, 'cells'>;

function hasLoaded({ rules: { rules } }: Engine, { phase, webhook }: Route): boolean {
  return rules.some(({ rule }) => rule.phase === phase && webhookOf(rule) === webhook && !builtInRules.includes(rule));
}
