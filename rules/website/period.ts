import { parseGoDuration } from '../../schema/formats/duration.ts';
import type { PeriodSettings } from './period-settings.ts';

/** For a period below its bound; the CRD's own rule says it too. */
export const TOO_SHORT = 'must be at least 10s';
/** For a period above its bound; the CRD's own rule says it too. */
export const TOO_LONG = 'must be at most 24h';

/** In seconds. */
export const SHORTEST = 10;
const SECOND = 1_000_000_000n;
const LONGEST = 24n * 3600n * SECOND;
/** No duration needs more, and the schema allows no more. */
const MOST_CHARACTERS = 64;

/**
 * What is wrong with the time between two fetches, as a sentence that begins with "must", or undefined. It is a Go
 * duration, because git-sync reads it as one, and between 10 s and 24 h (injection.md §5.3): less burdens the git
 * server, more is a mistake of the unit. The settings may ask for more than 10 s.
 */
export function periodProblem(period: string, settings?: PeriodSettings): string | undefined {
  const nanoseconds = period.length > MOST_CHARACTERS ? undefined : parseGoDuration(period);
  if (nanoseconds === undefined) {
    if (/^[0-9.]{1,9}$/.test(period)) return 'must have a unit, as in "60s"';
    return 'must be a duration such as "60s", "5m" or "1h30m" (units: h, m, s)';
  }
  if (nanoseconds < BigInt(SHORTEST) * SECOND) return TOO_SHORT;
  const { minimumPeriodSeconds = SHORTEST } = settings ?? {};
  if (nanoseconds < BigInt(minimumPeriodSeconds) * SECOND) return `must be at least ${minimumPeriodSeconds}s`;
  if (nanoseconds > LONGEST) return TOO_LONG;
  return undefined;
}
