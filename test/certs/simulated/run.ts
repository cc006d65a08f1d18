import type { X509Certificate } from 'node:crypto';
import { mock } from 'node:test';
import type { SelfTimes } from '../../../certs/self-times.ts';
import { randomFrom } from '../../website/random.ts';
import { text } from '../base64.ts';
import { type ApiServer, apiServer, type Version } from './api-server.ts';
import { type Events, events } from './events.ts';
import { type Replica, replica } from './replica.ts';
import { assertSettled } from './settled.ts';
import { troubles } from './troubles.ts';
import { refusal } from './trust.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A CA lives for most of a day, and all else is as much shorter, but for what API servers and clocks need. */
export const TIMES: SelfTimes = {
  caMs: 20 * HOUR,
  leafMs: 9 * HOUR,
  roundMs: 3 * MINUTE,
  lookMs: 1.5 * MINUTE,
  settleMs: 5000,
  plannedSettleMs: 15 * MINUTE,
  skewMs: HOUR,
};

/** All that there is. */
export interface World {
  readonly events: Events;
  readonly server: ApiServer;
  readonly times: SelfTimes;
  readonly random: () => number;
  /** Those that run. */
  readonly replicas: Map<string, Replica>;
  start(name: string): void;
  /** What happened, for whoever has to find out. */
  readonly story: string[];
}

/** What came of it. */
export interface Told {
  readonly events: number;
  readonly checks: number;
  readonly rotations: number;
  readonly happened: { readonly [what: string]: number };
}

/**
 * Lets three replicas run for so many days amid troubles. Rejects as soon as there is a moment at which one serves with what a
 * version of a configuration does not trust that an API server may still go by.
 */
export async function simulated(seed: number, days: number): Promise<Told> {
  const random = randomFrom(seed);
  mock.method(Math, 'random', random);
  try {
    return await run(random, days);
  } catch (error) {
    throw new Error(`SEED=${seed}: ${error instanceof Error ? error.message : error}`, { cause: error });
  } finally {
    mock.restoreAll();
  }
}

async function run(random: () => number, days: number): Promise<Told> {
  const time = events(Date.UTC(2026, 10, 21));
  const known = new Map<string, X509Certificate | undefined>();
  const happened: { [what: string]: number } = {};
  const signing = new Set<string>();
  let checks = 0;
  let count = 0;
  let violation: string | undefined;
  const server = apiServer({ events: time, random, times: TIMES }, (version) => {
    for (const one of world.replicas.values()) check(one, version, 'was written');
  });
  const world: World = {
    events: time,
    server,
    times: TIMES,
    random,
    replicas: new Map(),
    story: [],
    start(name) {
      const skewMs = (random() * 2 - 1) * TIMES.skewMs;
      const started = replica(world, name, skewMs, (served) => {
        world.story.push(`${stamp()} ${name} serves`);
        for (const versions of server.versions.values())
          for (const version of current(versions)) check(served, version, 'may be gone by');
      });
      world.replicas.set(name, started);
    },
  };
  for (const name of ['a', 'b', 'c']) world.start(name);
  const trouble = troubles(world, (what) => {
    world.story.push(`${stamp()} ${what}`);
    const kind = what.replace(/ .*/, '');
    happened[kind] = (happened[kind] ?? 0) + 1;
  });
  trouble.begin();
  await until(time.now + days * 24 * HOUR);
  trouble.end();
  // Long enough for the last certificate of whatever signed to end, and for what follows from that.
  await until(time.now + TIMES.leafMs + 4 * HOUR);
  assertSettled(world);
  return { events: count, checks, rotations: signing.size - 1, happened };

  async function until(end: number): Promise<void> {
    while (time.now < end) {
      await time.next();
      count++;
      signing.add(text(server.secret?.data['ca.key']));
      if (count % 200 === 0) {
        for (const versions of server.versions.values()) {
          for (const one of world.replicas.values()) check(one, versions.at(-1) as Version, 'is now');
        }
      }
      if (violation !== undefined) throw new Error(violation);
    }
  }

  /** All that an API server may go by: what holds now, and what did until its news came. */
  function current(versions: readonly Version[]): Version[] {
    return versions.filter((_, i) => (versions[i + 1]?.from ?? Number.POSITIVE_INFINITY) > time.now - TIMES.settleMs);
  }

  function check(one: Replica, version: Version, what: string): void {
    if (one.served === undefined || version.isExcused) return;
    checks++;
    const reason = refusal(version, one.served.cert, time.now, known);
    if (reason === undefined) return;
    if (one.isForsaken) {
      happened.forsaken = (happened.forsaken ?? 0) + 1;
      return;
    }
    const story = [
      ...world.story,
      ...[...world.replicas.values()].flatMap(({ name, log }) =>
        log.lines.slice(-12).map((line) => `${name}: ${line}`),
      ),
    ];
    violation ??= `${stamp()}: ${one.name}’s certificate is ${reason}, in the version of ${new Date(version.from).toISOString()} that ${what}\n${story.slice(-90).join('\n')}`;
  }

  function stamp(): string {
    return new Date(time.now).toISOString();
  }
}
