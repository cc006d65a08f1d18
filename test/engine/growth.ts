import assert from 'node:assert/strict';

const TIMES = 8;
/** What is linear takes eight times as long for eight times as much, and up to sixteen where caches end; what is quadratic, 64 times. */
const MOST = 24;
/** In microseconds; a kernel may count CPU time in ticks of four milliseconds. */
const ROUND = 60_000;
const ROUNDS = 5;

/**
 * Asserts that eight times as much takes some eight times as long, and not its square. `prepare` is not measured, what it
 * returns is, by the CPU time of this thread: what else the machine does is not seen. The least of several rounds counts.
 */
export async function assertLinear(size: number, prepare: (size: number) => () => unknown): Promise<void> {
  const [small, large] = [prepare(size), prepare(size * TIMES)];
  await small(); // to warm up
  let growth = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS && growth > MOST; round++) {
    growth = Math.min(growth, (await microseconds(large)) / (await microseconds(small)));
  }
  assert.ok(growth <= MOST, `${TIMES} times as much takes ${growth.toFixed(1)} times as long`);
}

/** Of one time, on the average of as many as make a round. */
async function microseconds(action: () => unknown): Promise<number> {
  const before = process.threadCpuUsage();
  for (let times = 1; ; times++) {
    await action();
    const { user, system } = process.threadCpuUsage(before);
    if (user + system >= ROUND) return (user + system) / times;
  }
}
