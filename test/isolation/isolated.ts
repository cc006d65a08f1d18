import type { ChildProcess } from 'node:child_process';
import { configFrom } from '../../cli/config.ts';
import { type HashedRules, loadHashed } from '../../cli/hashed-rules.ts';
import { ruleWorkers } from '../../cli/isolation.ts';
import { type Isolation, type IsolationOptions, isolate } from '../../isolation/isolation.ts';
import type { JsonObject } from '../../webhook/decode.ts';
import type { Engine } from '../../webhook/engine.ts';
import { type Lookups, noLookups } from '../../webhook/lookup.ts';
import { type Asked, bytesOf, pod } from '../engine/reviewed.ts';

/** Workers with loaded rules. */
export interface Isolated extends Isolation {
  /** The process ids of all workers that were ever started. */
  readonly pids: readonly number[];
  /** What was logged, as `[reason, rule]` or `[reason]`. */
  readonly log: readonly (readonly unknown[])[];
  /** Asks for a decision; the webhook is `policy`, validating, and the time 10 s unless said. */
  review(asked?: Asked, how?: How): Promise<Answered>;
}

export interface How {
  readonly webhook?: string;
  readonly phase?: 'mutating' | 'validating';
  readonly seconds?: number;
}

/** What came of it, and after how long. */
export interface Answered {
  readonly status: number;
  /** Of a Status, or of the denial in an answer. */
  readonly message?: string;
  readonly allowed?: boolean;
  readonly warnings?: readonly string[];
  readonly patch?: readonly unknown[];
  readonly ms: number;
}

/** What is not said is as in a server. */
export interface IsolatedOptions
  extends Partial<Pick<IsolationOptions, 'size' | 'most' | 'ruleMs' | 'largeMegabytes'>> {
  readonly lookups?: Lookups;
  readonly kubeVersion?: Engine['kubeVersion'];
  /** Starts the first worker in place of one that loads rules. */
  readonly first?: () => ChildProcess;
  /** Of the rules; those beside this file unless said. */
  readonly folder?: string;
}

const loaded = new Map<string, Promise<HashedRules>>();
const RULES = new URL('rules', import.meta.url).pathname;

/** Starts workers, which end with the test, and waits until they are ready. */
export async function isolated(
  t: { after(end: () => void): void },
  { folder = RULES, lookups = noLookups, kubeVersion, first, size = 2, ...limits }: IsolatedOptions = {},
): Promise<Isolated> {
  const given = { words: [], flags: { rules: [folder] } };
  // A server loads its files once; a second time, Node would not say which they import.
  const loading = loaded.get(folder) ?? loadHashed(configFrom(given, {}));
  loaded.set(folder, loading);
  const { rules, sha256 } = await loading;
  const log: unknown[][] = [];
  const write = ({ reason, rule }: { reason: string; rule?: string }) => {
    log.push(rule === undefined ? [reason] : [reason, rule]);
  };
  const pids: number[] = [];
  const startOne = ruleWorkers({ given, sha256 });
  const isolation = isolate({
    start(heapMegabytes) {
      const child = first !== undefined && pids.length === 0 ? first() : startOne(heapMegabytes);
      if (child.pid !== undefined) pids.push(child.pid);
      return child;
    },
    engine: { rules, lookups, kubeVersion, now: () => performance.now() },
    log: { info() {}, warn: write, error: write } as never,
    size,
    ...limits,
  });
  t.after(() => isolation.close());
  await isolation.ready;
  return { ...isolation, pids, log, review };

  async function review(asked: Asked = {}, { webhook = 'policy', phase = 'validating', seconds = 10 }: How = {}) {
    const started = performance.now();
    const route = { phase, webhook };
    const { status, body } = await isolation.decide(bytesOf(asked), route, `/x?timeout=${seconds}s`);
    const { message, response } = JSON.parse(body);
    const patch = response?.patch && JSON.parse(Buffer.from(response.patch, 'base64').toString());
    return {
      status,
      ms: performance.now() - started,
      message: message ?? response?.status?.message,
      allowed: response?.allowed,
      warnings: response?.warnings,
      patch,
    };
  }
}

/** The creation of a pod with these annotations, which the rules take for orders. */
export function asking(annotations: { [name: string]: string }, labels: { [name: string]: string } = {}): Asked {
  return { object: pod({ metadata: { name: 'p', namespace: 'web', labels, annotations } }) };
}

/** The creation of a ConfigMap with this data, whose rule looks up what `first` and `second` name. */
export function about(data: JsonObject): Asked {
  return {
    kind: { group: '', version: 'v1', kind: 'ConfigMap' },
    resource: { group: '', version: 'v1', resource: 'configmaps' },
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'web' }, data },
  };
}

export const looksUp: How = { webhook: 'looks-up' };
