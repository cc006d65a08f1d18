import { type Growth, overloadGrowth, steadyGrowth } from './growth.ts';
import type { SoakResults } from './soak-results.ts';
import { totalMB, workersIn } from './watch.ts';

/** A sentence for each bound that a soak broke. */
export function brokenBounds(results: SoakResults): string[] {
  return [...wrongAnswers(results), ...growing(results), ...leftBehind(results), ...late(results)];
}

/** Whatever was no proper answer, at half of capacity or under overload. */
export function wrongAnswers({ steady, overload, recovery }: SoakResults): string[] {
  return [
    ...told('at half of capacity', steady.tally.faults),
    ...told('besides the load', steady.oddFaults),
    ...told('under overload', overload.tally.faults),
    ...told('after the overload', recovery.tally.faults),
    ...told('under overload, of the health port', overload.health.faults),
  ];
}

/** Memory that is not flat, or does not fit into a pod. */
export function growing(results: SoakResults): string[] {
  const most = Math.max(...results.samples.map(totalMB));
  return [
    ...steadyGrowth(results).flatMap((growth) => tooFast('at half of capacity', growth)),
    ...overloadGrowth(results).flatMap((growth) => tooFast('under overload', growth)),
    ...(most > POD_MB ? [`server and workers took ${Math.round(most)} MB; a pod has ${POD_MB} (1 GiB)`] : []),
  ];
}

/** What a server holds that nobody asks any more, and did not hold before. */
export function leftBehind({ before, after }: SoakResults): string[] {
  return [
    ...left('descriptors', before.descriptors, after.descriptors),
    ...left('workers', workersIn(before), workersIn(after)),
  ];
}

/** What took too long, or was turned away without need: on a machine that others use, that may be their doing. */
export function late({ steady, overload, recovery: { ms } }: SoakResults): string[] {
  const { refused, heldBack } = steady.tally;
  const { p99 = Number.POSITIVE_INFINITY } = overload.health;
  const isLong = overload.seconds >= LONG_SECONDS;
  return [
    ...(refused > 0 ? [`at half of capacity, ${refused} reviews were refused`] : []),
    ...(steady.tally.late > 0 ? [`at half of capacity, ${steady.tally.late} answers came after their time`] : []),
    ...(overload.tally.late > 0 ? [`under overload, ${overload.tally.late} answers came after their time`] : []),
    ...(heldBack > 0 ? [`at half of capacity, ${heldBack} reviews were due while those of 5 s before waited`] : []),
    ...(p99 > READY_MS ? [`under overload, the health port's p99 was ${Math.round(p99)} ms, not ${READY_MS}`] : []),
    ...(isLong && overload.tally.refused === 0 ? ['nothing was refused: that was no overload'] : []),
    ...(ms === undefined ? ['the server never was as good as before the overload'] : []),
    ...((ms ?? 0) > RECOVERY_MS
      ? [`the server was as good as before only ${Math.round(ms ?? 0)} ms after the overload`]
      : []),
  ];
}

/** The memory limit that the manifests give pods with rules of one's own, in 10^6 bytes. */
const POD_MB = 1074;
/** The timeout of the readiness probe of manifests/server: a pod that misses it twice is asked no more. */
const READY_MS = 5000;
const RECOVERY_MS = 2000;
/** It takes some time until so many connections are open that reviews have to be refused. */
const LONG_SECONDS = 30;

function left(what: string, before: number, after: number): string[] {
  return after > before ? [`${after} ${what} are left, and ${before} were there before`] : [];
}

function told(when: string, faults: { readonly [fault: string]: number }): string[] {
  return Object.entries(faults).map(([fault, times]) => `${when}, ${times} ×: ${fault}`);
}

function tooFast(when: string, { what, slope, most }: Growth): string[] {
  if (slope.perMinute <= most) return [];
  const grew = `grew by ${slope.perMinute.toFixed(1)} MB a minute, and ${most.toFixed(1)} are the most`;
  return [`${when}, ${what} ${grew}`];
}
