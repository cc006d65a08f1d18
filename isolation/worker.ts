import type { MessagePort } from 'node:worker_threads';
import type { Engine } from '../webhook/engine.ts';
import { type Lookups, lookedUp } from '../webhook/lookup.ts';
import type { RulesInForce } from '../webhook/match.ts';
import { review } from '../webhook/review.ts';
import { summaryOf } from '../webhook/summary.ts';
import { BEGUN, type Found, type FromWorker, type Job, RUNNING, type ToWorker, WAITING } from './messages.ts';

/**
 * Decides, in a worker, the reviews that come by the port, with these rules; which of them runs stands in `cells` (see
 * messages.ts). Says that it is ready first. Lookups are answered by the port's other end.
 */
export function serveReviews(rules: RulesInForce, { port, cells }: { port: MessagePort; cells: Int32Array }): void {
  const lookups = remoteLookups(rules, port, cells);
  const places = new Map(rules.rules.map((entry, index) => [entry, index + 1]));
  port.on('message', (message: ToWorker) => {
    if ('lookup' in message) lookups.answered(message);
    else void decide(message);
  });
  // What a rule leaves behind (a promise, a timer) may fail; nobody's review is to be lost for it.
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (error: unknown) => send({ failure: `${event}: ${described(error)}` }));
  }
  send({ isReady: true });

  async function decide({ job, body, route, kubeVersion, heldBack }: Job): Promise<void> {
    const engine: Engine = {
      rules,
      lookups: lookups.lookups,
      kubeVersion,
      now: () => performance.now(),
      watch: {
        begins(entry) {
          const held = Object.hasOwn(heldBack, entry.rule.name) ? heldBack[entry.rule.name] : undefined;
          if (held !== undefined) return held;
          Atomics.store(cells, RUNNING, places.get(entry) ?? 0);
          Atomics.add(cells, BEGUN, 1);
          return undefined;
        },
        ends: () => Atomics.store(cells, RUNNING, 0),
      },
    };
    const reviewed = await review(body, route, engine);
    send({ job, decided: { status: reviewed.status, body: reviewed.body, summary: summaryOf(reviewed) } });
  }

  function send(message: FromWorker): void {
    port.postMessage(message);
  }
}

function remoteLookups(rules: RulesInForce, port: MessagePort, cells: Int32Array) {
  const kinds = lookedUp(rules).map(({ kind }) => kind);
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let last = 0;
  const lookups: Lookups = {
    find(kind, namespace, name) {
      const place = kinds.findIndex(({ group, version, resource }) => {
        return group === kind.group && version === kind.version && resource === kind.resource;
      });
      const lookup = ++last;
      const found = Promise.withResolvers<unknown>();
      waiting.set(lookup, found);
      Atomics.store(cells, WAITING, waiting.size);
      port.postMessage({ lookup, kind: place, namespace, name } satisfies FromWorker);
      return found.promise;
    },
  };
  return { lookups, answered };

  function answered({ lookup, value, error }: Found): void {
    const asked = waiting.get(lookup);
    waiting.delete(lookup);
    Atomics.store(cells, WAITING, waiting.size);
    if (error === undefined) asked?.resolve(value);
    else asked?.reject(new Error(error));
  }
}

function described(error: unknown): string {
  try {
    return error instanceof Error ? String(error.stack) : String(error);
  } catch {
    return 'something that cannot be described';
  }
}
