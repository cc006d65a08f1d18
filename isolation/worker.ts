import type { Engine } from '../webhook/engine.ts';
import { type Lookups, lookedUp } from '../webhook/lookup.ts';
import type { RulesInForce } from '../webhook/match.ts';
import { review } from '../webhook/review.ts';
import { summaryOf } from '../webhook/summary.ts';
import type { Found, FromWorker, Job, ToWorker } from './messages.ts';

/** The way from a worker to its owner, and back. */
export interface Channel {
  send(message: FromWorker): void;
  hear(listener: (message: ToWorker) => void): void;
}

/**
 * Decides, in a worker, the reviews that come by the channel, with these rules, one at a time. Says that it is ready
 * first. Lookups are answered by the channel's other end.
 */
export function serveReviews(rules: RulesInForce, { send, hear }: Channel): void {
  const remote = remoteLookups(rules, send);
  const places = new Map(rules.rules.map((entry, index) => [entry, index]));
  // What a rule does to the global object later is no matter.
  const now = performance.now.bind(performance);
  hear((message) => {
    if ('lookup' in message) remote.answered(message);
    else void decide(message);
  });
  send({ isReady: true });

  async function decide({ job, body, route, kubeVersion, heldBack, isTraced }: Job): Promise<void> {
    const engine: Engine = {
      rules,
      lookups: remote.lookupsOf(job),
      kubeVersion,
      now,
      begins(entry) {
        const { name } = entry.rule;
        if (Object.hasOwn(heldBack, name)) return heldBack[name];
        if (isTraced) send({ job, rule: places.get(entry) ?? -1 });
        return undefined;
      },
    };
    const reviewed = await review(body, route, engine);
    send({ job, decided: { status: reviewed.status, body: reviewed.body, summary: summaryOf(reviewed) } });
  }
}

function remoteLookups(rules: RulesInForce, send: Channel['send']) {
  const kinds = lookedUp(rules).map(({ kind }) => kind);
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let last = 0;
  return { lookupsOf, answered };

  function lookupsOf(job: number): Lookups {
    return {
      find(wanted, namespace, name) {
        const kind = kinds.findIndex(
          ({ group, version, resource }) =>
            group === wanted.group && version === wanted.version && resource === wanted.resource,
        );
        const lookup = ++last;
        const found = Promise.withResolvers<unknown>();
        waiting.set(lookup, found);
        send({ job, lookup, kind, namespace, name });
        return found.promise;
      },
    };
  }

  function answered({ lookup, value, error }: Found): void {
    const asked = waiting.get(lookup);
    waiting.delete(lookup);
    if (error === undefined) asked?.resolve(value);
    else asked?.reject(new Error(error));
  }
}
