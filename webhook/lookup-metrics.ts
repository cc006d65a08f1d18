import { Counter, Gauge, type Registry } from '@prometheus-io/client';
import { type Kind, resourceName } from './kind.ts';

/** What whoever answers lookups tells of them; by resource (`websites.extensions.example.com`). */
export interface LookupMetrics {
  watching(kind: Kind, isWatching: boolean): void;
  objects(kind: Kind, count: number): void;
  restarted(kind: Kind, because: string): void;
  liveRead(kind: Kind, result: string): void;
}

/** Makes the metrics of lookups. They have no values where nothing is looked up. */
export function createLookupMetrics(registry: Registry): LookupMetrics {
  const registers = [registry];
  const watching = new Gauge({
    name: 'portcullis_lookup_watching',
    help: '1 while changes of what is looked up arrive; else lookups are answered by live reads.',
    labelNames: ['resource'],
    registers,
  });
  const objects = new Gauge({
    name: 'portcullis_lookup_objects',
    help: 'Objects held for lookups.',
    labelNames: ['resource'],
    registers,
  });
  const restarts = new Counter({
    name: 'portcullis_lookup_watch_restarts_total',
    help: 'Watches begun anew, by what became of the one before: ended in good order, broken, expired.',
    labelNames: ['resource', 'because'],
    registers,
  });
  const reads = new Counter({
    name: 'portcullis_lookup_live_reads_total',
    help: 'Lookups that asked the API server, by result: found, not_found, failed.',
    labelNames: ['resource', 'result'],
    registers,
  });
  return {
    watching: (kind, isWatching) => watching.set({ resource: resourceName(kind) }, isWatching ? 1 : 0),
    objects: (kind, count) => objects.set({ resource: resourceName(kind) }, count),
    restarted: (kind, because) => restarts.inc({ resource: resourceName(kind), because }),
    liveRead: (kind, result) => reads.inc({ resource: resourceName(kind), result }),
  };
}
