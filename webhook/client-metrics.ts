import { Counter, type Registry } from '@prometheus-io/client';

/** Why somebody was not let in: no client certificate, one that is not accepted, or the name of one that may not ask. */
export type ClientRefusal = 'no_certificate' | 'not_accepted' | 'name';

/** What is told of clients that have to show a certificate. */
export interface ClientMetrics {
  /** One was not let in. */
  refused(reason: ClientRefusal): void;
}

/** Makes the metrics of clients. They have no values where nobody needs a certificate. */
export function createClientMetrics(registry: Registry): ClientMetrics {
  const refused = new Counter({
    name: 'portcullis_clients_refused_total',
    help: 'Clients that were not let in for their certificate: by handshake, or for a name by request.',
    labelNames: ['reason'],
    registers: [registry],
  });
  return { refused: (reason) => refused.inc({ reason }) };
}
