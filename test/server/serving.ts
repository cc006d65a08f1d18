import type { TestContext } from 'node:test';
import { pino } from 'pino';
import type { Rule } from '../../author.ts';
import { issueCertificateAuthority, issueServingCertificate } from '../../certs/issue.ts';
import type { Deciding } from '../../webhook/deciding.ts';
import type { Limits } from '../../webhook/limits.ts';
import { type Lookups, noLookups } from '../../webhook/lookup.ts';
import { type Mode, rulesInForce } from '../../webhook/match.ts';
import { createMetrics, type Metrics } from '../../webhook/metrics.ts';
import { type Clients, createServer, type WebhookServer } from '../../webhook/server.ts';
import type { KeyPair } from '../../webhook/tls-options.ts';

/** A server under test, on a free port of 127.0.0.1. */
export interface Serving {
  readonly port: number;
  /** What clients trust, PEM. */
  readonly ca: string;
  readonly server: WebhookServer;
  readonly metrics: Metrics;
  /** Every line logged so far, parsed. */
  readonly log: readonly LogLine[];
}

export type LogLine = { readonly [member: string]: unknown };

export interface ServingOptions {
  readonly limits?: Partial<Limits>;
  /** Of all rules. */
  readonly mode?: Mode;
  readonly lookups?: Lookups;
  /** Who decides all reviews; the rules, in this thread, unless said. */
  readonly deciding?: Deciding;
  /** Who may ask; anybody unless said. */
  readonly clients?: Clients;
  /** The server's clock, in ms. */
  readonly now?: () => number;
}

/** Serves these rules until the test ends. */
export async function serving(
  t: Pick<TestContext, 'after'>,
  rules: readonly Rule[],
  {
    limits = {},
    mode = 'enforce',
    lookups = noLookups,
    deciding,
    clients,
    now = () => performance.now(),
  }: ServingOptions = {},
): Promise<Serving> {
  const { ca, certificate } = await pki;
  const log: LogLine[] = [];
  const metrics = createMetrics();
  const server = createServer({
    engine: {
      rules: rulesInForce(rules.map((rule) => ({ rule, settings: {}, mode }))),
      lookups,
      now,
    },
    certificate,
    clients,
    log: pino({ base: null }, { write: (line: string) => log.push(JSON.parse(line) as LogLine) }),
    metrics,
    limits,
    ...(deciding === undefined ? {} : { deciding: () => deciding }),
  });
  const port = await server.listen('127.0.0.1', 0);
  t.after(() => server.drain({ delay: 0, deadline: 100 }));
  return { port, ca, server, metrics, log };
}

/** Another certificate of the CA that every client in these tests trusts. */
export async function anotherCertificate(): Promise<KeyPair> {
  return issueServingCertificate({ ca: (await pki).authority, names: NAMES, now: new Date(), days: 1 });
}

const NAMES = ['localhost', '127.0.0.1'];
/** One for all servers of a process: making keys takes longer than most tests. */
const pki = issued();

async function issued(): Promise<{ authority: KeyPair; ca: string; certificate: KeyPair }> {
  const now = new Date();
  const authority = await issueCertificateAuthority({ now, days: 1 });
  const certificate = await issueServingCertificate({ ca: authority, names: NAMES, now, days: 1 });
  return { authority, ca: authority.cert, certificate };
}
