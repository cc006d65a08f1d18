import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inColumns } from './table.ts';

const MOST = 25;

/** What of V8's .cpuprofile files is read: times in microseconds. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** What took the time in each profile of a folder, function by function, those called not counted; idle time is left out. */
export function hottest(folder: string): string {
  const files = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
  return files.map((name) => printedProfile(join(folder, name))).join('\n');
}

function printedProfile(file: string): string {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as Profile;
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const times = new Map<string, number>();
  for (const [at, id] of samples.entries()) {
    const place = places.get(id) ?? '';
    times.set(place, (times.get(place) ?? 0) + (timeDeltas[at] ?? 0));
  }
  times.delete('(idle)');
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  const first = [...times].sort(([, a], [, b]) => b - a).slice(0, MOST);
  const rows = first.map(([place, time]) => [`  ${((100 * time) / total).toFixed(1).padStart(4)} %`, place]);
  return `${basename(file)}: of ${(total / 1e6).toFixed(1)} s\n${inColumns(rows)}`;
}

function placeOf({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string {
  const name = functionName || '(anonymous)';
  if (url === '') return name;
  const path = url.startsWith('file:') ? url.split('/').slice(-3).join('/') : url;
  return `${name} ${path}:${lineNumber + 1}`;
}
