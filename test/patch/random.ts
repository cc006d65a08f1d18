import { randomInt } from 'node:crypto';

/** Choices that look random and that their seed repeats. */
export interface Random {
  /** A whole number from 0 up to, and without, `limit`. */
  below(limit: number): number;
  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
}

/** Xorshift with 32 bits (Marsaglia 2003): small, quick, and good enough to spread test cases. */
export function randomOf(seed: number): Random {
  // Neighbouring seeds begin far apart; a state of 0 would stay 0.
  let state = Math.imul(seed + 1, 0x9e3779b1) || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: <T>(list: readonly T[]) => list[below(list.length)] as T,
  };
}

/** The seed of this run: the environment's SEED, or another one every time. */
export const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
