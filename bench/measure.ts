const ROUND_MICROSECONDS = 50_000;
const ROUNDS = 9;

/** The CPU time that the action takes once, in microseconds: the median of nine rounds of 50 ms, after two to warm up. */
export function measure(action: () => unknown): number {
  const times = timesOfRound(action);
  round(action, times);
  round(action, times);
  const rounds = Array.from({ length: ROUNDS }, () => round(action, times));
  return median(rounds);
}

/** The same of an action that has to be awaited, and takes a round's time itself; twenty rounds warm up. */
export async function measureAsync(action: () => Promise<unknown>): Promise<number> {
  const rounds: number[] = [];
  for (let i = 0; i < ROUNDS + 20; i++) {
    const before = process.cpuUsage();
    await action();
    rounds.push(microsecondsSince(before));
  }
  return median(rounds.slice(20));
}

function timesOfRound(action: () => unknown): number {
  let times = 1;
  while (round(action, times) * times < ROUND_MICROSECONDS) times *= 2;
  return times;
}

function round(action: () => unknown, times: number): number {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) action();
  return microsecondsSince(before) / times;
}

function median(rounds: readonly number[]): number {
  return rounds.toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)] as number;
}

function microsecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
