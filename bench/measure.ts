const ROUND_MICROSECONDS = 50_000;
const ROUNDS = 9;

/** The CPU time that the action takes once, in microseconds: the median of nine rounds of 50 ms, after two to warm up. */
export function measure(action: () => unknown): number {
  const times = timesOfRound(action);
  round(action, times);
  round(action, times);
  const rounds = Array.from({ length: ROUNDS }, () => round(action, times));
  return rounds.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] as number;
}

function timesOfRound(action: () => unknown): number {
  let times = 1;
  while (round(action, times) * times < ROUND_MICROSECONDS) times *= 2;
  return times;
}

function round(action: () => unknown, times: number): number {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}
