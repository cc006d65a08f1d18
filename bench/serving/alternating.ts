import type { ServedLine, ServingFigures } from '../table.ts';
import { checkAnswer } from './answer.ts';
import { type Load, load, percentile, type Target } from './load.ts';
import type { Pace } from './pace.ts';
import type { Measured } from './reviews.ts';
import type { Contender } from './servers.ts';

/** As many as an API server opens to one replica when it is busy. */
const CONNECTIONS = 16;
/** Of what is so large nobody sends several at a time, and how long one takes alone is the question. */
const LARGE = 1e6;

/** What all of them are asked. */
export interface Asked {
  readonly what: string;
  /** Several are sent in turn, and the times are then those of a turn. */
  readonly reviews: readonly [Measured, ...Measured[]];
}

/**
 * Asks all of them the same, one after the other and round after round, and gives a line for each. The first is who the
 * others are beside. Rejects when one of ours gives any answer but the right one; of another it is told.
 */
export async function alternating(
  { what, reviews }: Asked,
  contenders: readonly Contender[],
  pace: Pace,
): Promise<ServedLine[]> {
  const bytes = reviews.reduce((sum, { body }) => sum + body.length, 0);
  const all = contenders.map((contender) => ({ contender, rounds: [] as Round[], faults: new Set<string>() }));
  for (const { contender } of all) {
    if (contender.isPortcullis) for (const review of reviews) await checkAnswer(contender.target(review), review);
  }
  for (let round = pace.warmUpMs > 0 ? -1 : 0; round < pace.rounds; round++) {
    for (const { contender, rounds, faults } of all) {
      if (faults.size > 0) continue;
      const done = await tried(contender, reviews, round < 0 ? pace.warmUpMs : pace.roundMs);
      if (typeof done === 'string') faults.add(done);
      else if (round >= 0) rounds.push(done);
    }
  }
  const lines = all.map(({ contender: { name }, rounds, faults }) => {
    const [fault] = faults;
    return { what, by: name, bytes, reviews: reviews.length, fault, figures: fault ? undefined : figures(rounds) };
  });
  const first = lines[0]?.figures?.perSecond ?? Number.NaN;
  return lines.map((line) => ({ ...line, ofBare: line.figures && line.figures.perSecond / first }));
}

interface Round {
  readonly load: Load;
  readonly cpuMs: number | undefined;
}

async function tried(contender: Contender, reviews: Asked['reviews'], ms: number): Promise<Round | string> {
  const { isPortcullis, cpuMs } = contender;
  const [first, ...more] = reviews;
  const targets: [Target, ...Target[]] = [contender.target(first), ...more.map((review) => contender.target(review))];
  const connections = first.body.length > LARGE ? 1 : CONNECTIONS;
  try {
    const before = cpuMs();
    const done = await load(targets, { connections, ms });
    const after = cpuMs();
    const wrong = Object.entries(done.others).map(
      ([code, count]) => `${count} of ${done.answers} answers were ${code}`,
    );
    if (wrong.length > 0) throw new Error(wrong.join(', '));
    return { load: done, cpuMs: before === undefined || after === undefined ? undefined : after - before };
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    if (isPortcullis) throw new Error(`${contender.name}: ${first.path}: ${fault}`, { cause: error });
    return fault;
  }
}

/** Of rates the median round, which a busy moment of the machine does not move; of times all there are. */
function figures(rounds: readonly Round[]): ServingFigures {
  const cpu = rounds.map(({ load: { answers }, cpuMs }) => (cpuMs === undefined ? undefined : cpuMs / answers));
  const busy = rounds.map(({ load: { seconds }, cpuMs }) => (cpuMs === undefined ? undefined : cpuMs / 1000 / seconds));
  const latencies = Float64Array.from(rounds.flatMap(({ load }) => [...load.latencies])).sort();
  const all = { answers: latencies.length, others: {}, seconds: 0, latencies };
  return {
    perSecond: median(rounds.map(({ load: { answers, seconds } }) => answers / seconds)),
    cpuMs: isKnown(cpu) ? median(cpu) : undefined,
    cores: isKnown(busy) ? median(busy) : undefined,
    p50: percentile(all, 0.5),
    p99: percentile(all, 0.99),
    p999: percentile(all, 0.999),
  };
}

function isKnown(values: readonly (number | undefined)[]): values is readonly number[] {
  return !values.includes(undefined);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
