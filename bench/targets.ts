import { IN_PROCESS, INJECTED, ISOLATED, LARGEST, MUTATE, REPLAYED, WITH_FILES } from './serving/names.ts';
import { type AnyTable, inColumns, type ServedLine, type StartLine } from './table.ts';

/** A figure that is promised (DESIGN.md §13), and what a run has come to. */
export interface Target {
  readonly what: string;
  readonly wanted: number;
  /** Undefined where it was not measured. */
  readonly got: number | undefined;
  readonly unit: string;
  readonly isAtLeast: boolean;
}

/** All that is promised of how fast it is, in the order of the design. */
export function targets(tables: readonly AnyTable[]): Target[] {
  const served = tables.flatMap((table) => ('served' in table ? table.served : []));
  const starts = tables.flatMap((table) => ('starts' in table ? table.starts : []));
  const lines = tables.flatMap((table) => ('lines' in table ? table.lines : []));
  const of = (what: string, by: string) => served.find((line) => line.what.startsWith(what) && line.by === by);
  const [here, isolated] = [of(MUTATE, 'portcullis'), of(MUTATE, 'isolated')];
  const replayed = (how: string) => lines.find(({ what }) => what === how)?.microseconds;
  const among = (where: string) => of(where, '1,000 rules')?.ofOneRule;
  return [
    atLeast(0.8, 'of bare', MUTATE, here?.ofBare),
    atMost(0.1, 'CPU-ms a review', MUTATE, here?.figures?.cpuMs),
    atLeast(0.4, 'of bare', `${MUTATE}, isolated`, isolated?.ofBare),
    atMost(0.3, 'CPU-ms a review', `${MUTATE}, isolated`, isolated?.figures?.cpuMs),
    atLeast(10, '× the peer', INJECTED, rate(of(INJECTED, 'portcullis'), of(INJECTED, 'peer'))),
    atMost(1.1, '× one rule', '1,000 loaded rules, isolated', among(ISOLATED)),
    atMost(1.1, '× one rule', '1,000 loaded rules, in the process', among(IN_PROCESS)),
    atMost(100, 'ms', `${LARGEST}, half of the time`, of(LARGEST, 'portcullis')?.figures?.p50),
    ...[REPLAYED, WITH_FILES].map((how) =>
      atLeast(5000, 'reviews a second', `replay, ${how}`, perSecond(replayed(how))),
    ),
    ...['the sources', 'a build'].flatMap((from) => [
      ...startTargets(`from ${from}`, starts, { ms: 500, megabytes: 100 }),
      ...startTargets(`from ${from}, with a cluster`, starts, { ms: 1500, megabytes: 180 }),
    ]),
  ];
}

/** The targets as text, each with how far it is reached or missed; those that were not measured are left out. */
export function printedTargets(all: readonly Target[]): string {
  const rows = all.flatMap((target) => {
    const { what, wanted, got, unit, isAtLeast } = target;
    if (got === undefined) return [];
    return [
      [what, `${isAtLeast ? '≥' : '≤'} ${wanted.toLocaleString('en')} ${unit}`, figure(got), judged(target, got)],
    ];
  });
  return rows.length === 0 ? '' : inColumns([['targets', 'promised', 'measured', ''], ...rows]);
}

function judged({ wanted, isAtLeast }: Target, got: number): string {
  const more = Math.round(100 * Math.abs(got / wanted - 1));
  if (isAtLeast ? got >= wanted : got <= wanted) return `reached, ${more} % to spare`;
  return `missed, by ${more} %`;
}

function startTargets(
  what: string,
  starts: readonly StartLine[],
  { ms, megabytes }: { readonly ms: number; readonly megabytes: number },
): Target[] {
  const line = starts.find((start) => start.what === what);
  const resident = line?.atFirst;
  return [
    atMost(ms, 'ms until ready', what, line?.readyMs),
    atMost(megabytes, 'MB resident', what, resident && (resident.own + resident.workers) / 1e6),
  ];
}

function perSecond(microseconds: number | undefined): number | undefined {
  return microseconds && 1e6 / microseconds;
}

function rate(here: ServedLine | undefined, peer: ServedLine | undefined): number | undefined {
  return here?.figures && peer?.figures && here.figures.perSecond / peer.figures.perSecond;
}

function atLeast(wanted: number, unit: string, what: string, got: number | undefined): Target {
  return { what, wanted, got, unit, isAtLeast: true };
}

function atMost(wanted: number, unit: string, what: string, got: number | undefined): Target {
  return { what, wanted, got, unit, isAtLeast: false };
}

function figure(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}
