import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from '@prometheus-io/client';
import { type ClientMetrics, createClientMetrics } from './client-metrics.ts';
import type { NearMiss } from './in-time.ts';
import { createLookupMetrics, type LookupMetrics } from './lookup-metrics.ts';
import { createRegistrationMetrics, type RegistrationMetrics } from './registration-metrics.ts';
import type { Summary } from './summary.ts';

/** What the server counts, for Prometheus. */
export interface Metrics {
  /** Call when a request for a review arrives, its body still to come; call what it returns once it is over. */
  arrived(): () => void;
  /** Call when a review has its answer. */
  reviewed(summary: Summary, seconds: number): void;
  /** Call, too, when its answer took more than half of the time that it had. */
  nearlyLate(miss: NearMiss): void;
  /** Call when so many lines of the log are lost. */
  logLost(lines: number): void;
  /** Call when a connection is closed because there are too many. */
  dropped(): void;
  /** Call when something is refused that is no review, with the HTTP code of its answer. */
  refused(code: number): void;
  /** When the serving certificate ends. */
  certificateExpires(at: Date): void;
  /** For whoever looks at clients' certificates. */
  readonly clients: ClientMetrics;
  /** For whoever answers lookups. */
  readonly lookups: LookupMetrics;
  /** For whoever compares what is registered with what should be. */
  readonly registration: RegistrationMetrics;
  /** Everything in Prometheus' text format, and the content type to send it with. */
  text(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** A rule takes microseconds, a review less than a millisecond; the upper ones are for what has gone wrong. */
const BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.025, 0.1, 0.5, 2.5, 10];

/** Makes the metrics of one server, in a registry of their own. Every label's values are bounded by the rules. */
export function createMetrics(): Metrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  collectDefaultMetrics({ register: registry });
  const inFlight = new Gauge({
    name: 'portcullis_reviews_in_flight',
    help: 'Reviews on their way: from their headers read to their answer sent, or their client gone.',
    registers,
  });
  const reviews = new Histogram({
    name: 'portcullis_review_duration_seconds',
    help: 'Time from a review read to its answer ready, by verdict.',
    labelNames: ['verdict'],
    buckets: BUCKETS,
    registers,
  });
  const rules = new Histogram({
    name: 'portcullis_rule_duration_seconds',
    help: 'Time a rule took, its lookups included, by rule, kind, operation and decision.',
    labelNames: ['rule', 'kind', 'operation', 'decision'],
    buckets: BUCKETS,
    registers,
  });
  const decisions = new Counter({
    name: 'portcullis_rule_decisions_total',
    help: 'Decisions by rule, kind, operation, decision and the mode that the rule is in.',
    labelNames: ['rule', 'kind', 'operation', 'decision', 'mode'],
    registers,
  });
  const refusals = new Counter({
    name: 'portcullis_requests_refused_total',
    help: 'What was refused before it was a review, by the HTTP code of the answer.',
    labelNames: ['code'],
    registers,
  });
  const nearMisses = new Counter({
    name: 'portcullis_reviews_near_deadline_total',
    help: 'Reviews whose answer took more than half of the time that the API server gave them, by whether it came in time.',
    labelNames: ['in_time'],
    registers,
  });
  for (const in_time of ['true', 'false']) nearMisses.inc({ in_time }, 0);
  const logLost = new Counter({
    name: 'portcullis_log_lines_lost_total',
    help: 'Lines of the log that were lost, because nobody had read those before them, or reads them any more.',
    registers,
  });
  const dropped = new Counter({
    name: 'portcullis_connections_dropped_total',
    help: 'Connections that were closed at once, because there were as many as there may be.',
    registers,
  });
  const expiry = new Gauge({
    name: 'portcullis_certificate_expiry_timestamp_seconds',
    help: 'When the serving certificate ends, in seconds since 1970.',
    registers,
  });
  return {
    arrived() {
      inFlight.inc();
      return () => inFlight.dec();
    },
    reviewed({ verdict, asked, rules: ran }, seconds) {
      reviews.observe({ verdict }, seconds);
      if (asked === undefined) return;
      const { kind, operation } = asked;
      for (const { rule, mode, decision, seconds } of ran) {
        const labels = { rule, kind, operation, decision };
        rules.observe(labels, seconds);
        decisions.inc({ ...labels, mode });
      }
    },
    nearlyLate: ({ isInTime }) => nearMisses.inc({ in_time: String(isInTime) }),
    logLost: (lines) => logLost.inc(lines),
    dropped: () => dropped.inc(),
    refused: (code) => refusals.inc({ code }),
    certificateExpires: (at) => expiry.set(at.getTime() / 1000),
    clients: createClientMetrics(registry),
    lookups: createLookupMetrics(registry),
    registration: createRegistrationMetrics(registry),
    text: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}
