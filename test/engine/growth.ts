import assert from 'node:assert/strict';

const TIMES = 8;
/** What is linear takes eight times as long for eight times as much, and up to twenty where caches end; what is quadratic, 64 times. */
const MOST = 32;
const TRIES = 3;

/**
 * Asserts that eight times as much takes some eight times as long, and not its square. `prepare` is not measured, what it returns is, by
 * the CPU time of this thread: what else the machine does is not seen. The least of several tries counts, and that of up to five rounds.
 */
export async function assertLinear(size: number, prepare: (size: number) => () => unknown): Promise<void> {
  const [small, large] = [prepare(size), prepare(size * TIMES)];
  let growth = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5 && growth > MOST; round++) {
    growth = Math.min(growth, (await least(large)) / (await least(small)));
  }
  assert.ok(growth <= MOST, `${TIMES} times as much takes ${growth.toFixed(1)} times as long`);
}

async function least(action: () => unknown): Promise<number> {
  let result = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TRIES; i++) {
    const before = process.threadCpuUsage();
    await action();
    const { user, system } = process.threadCpuUsage(before);
    result = Math.min(result, user + system);
  }
  return result;
}
