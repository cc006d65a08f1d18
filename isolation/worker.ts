import type { Engine } from '../webhook/engine.ts';
import { type Lookups, lookedUp } from '../webhook/lookup.ts';
import type { RulesInForce } from '../webhook/match.ts';
import { review } from '../webhook/review.ts';
import { summaryOf } from '../webhook/summary.ts';
import type { Found, FromWorker, Job, Stretch, ToWorker, Wanted } from './messages.ts';

/** The way from a worker to its owner, and back. */
export interface Channel {
  /** Sends a message, and the bytes of a text besides. */
  send(message: FromWorker, text?: string): void;
  hear(listener: (message: ToWorker, bytes: Uint8Array) => void): void;
}

/**
 * Decides, in a worker, the reviews that come by the channel, with these rules: one at a time, but for those that wait
 * for what is looked up at the channel's other end. Says that it is ready first.
 */
export function serveReviews(rules: RulesInForce, { send, hear }: Channel): void {
  const kinds = lookedUp(rules).map(({ kind }) => kind);
  const places = new Map(rules.rules.map((entry, index) => [entry, index]));
  const waiting = new Map<string, (found: Found) => void>();
  // What a rule does to the global object later is no matter.
  const now = performance.now.bind(performance);
  const utilization = performance.eventLoopUtilization.bind(performance);
  const busyMs = () => utilization().active;
  const soon = setImmediate;
  let heard = 0;
  let otherMs = 0;
  let busyBefore = busyMs();
  hear((message, bytes) => {
    if ('isForgotten' in message) {
      waiting.delete(message.job);
      return;
    }
    heard = now();
    otherMs = Math.max(0, busyMs() - busyBefore);
    if ('route' in message) void decide(message, bytes);
    else resume(message);
  });
  send({ isReady: true });

  async function decide({ job, route, kubeVersion, heldBack, isTraced }: Job, body: Uint8Array): Promise<void> {
    let rule = -1;
    const goesOn = () => {
      if (isTraced) send({ job, rule });
    };
    const { lookups, drop } = remoteLookups(job, goesOn);
    const engine: Engine = {
      rules,
      lookups,
      kubeVersion,
      now,
      begins(entry) {
        drop();
        const { name } = entry.rule;
        if (Object.hasOwn(heldBack, name)) return heldBack[name];
        rule = places.get(entry) ?? -1;
        goesOn();
        return undefined;
      },
    };
    const reviewed = await review(body, route, engine);
    drop();
    send({ ...stretch(job), status: reviewed.status, summary: summaryOf(reviewed) }, reviewed.body);
  }

  function stretch(job: string): Stretch {
    busyBefore = busyMs();
    return { job, ms: now() - heard, otherMs };
  }

  function resume(found: Found): void {
    const resumed = waiting.get(found.job);
    waiting.delete(found.job);
    resumed?.(found);
  }

  /**
   * All that a rule looks up is wanted at once, and the review goes on with all of it, or with none. A rule that fails
   * before it has named all waits for nothing: `drop`. Whoever goes on says so first.
   */
  function remoteLookups(job: string, goesOn: () => void): { readonly lookups: Lookups; drop(): void } {
    let asked: (Wanted & { resolve(value: unknown): void; reject(error: Error): void })[] = [];
    const lookups: Lookups = {
      find({ group, version, resource }, namespace, name) {
        const kind = kinds.findIndex(
          (known) => known.group === group && known.version === version && known.resource === resource,
        );
        const { promise, resolve, reject } = Promise.withResolvers<unknown>();
        // By then whatever could go on has done so: nothing of this review runs.
        if (asked.length === 0) soon(wait);
        asked.push({ kind, namespace, name, resolve, reject });
        return promise;
      },
    };
    return {
      lookups,
      drop() {
        asked = [];
      },
    };

    function wait(): void {
      const all = asked;
      if (all.length === 0) return;
      asked = [];
      waiting.set(job, (answer) => {
        goesOn();
        for (const [i, { resolve, reject }] of all.entries()) {
          if ('unknown' in answer) reject(new Error(answer.unknown));
          else resolve(answer.found[i]?.value);
        }
      });
      send({ ...stretch(job), wanted: all.map(({ kind, namespace, name }) => ({ kind, namespace, name })) });
    }
  }
}
