import type { Logger } from 'pino';
import { readClientCa } from '../certs/client-ca.ts';
import type { Clients, WebhookServer } from '../webhook/server.ts';
import type { Config } from './config.ts';
import { UsageError } from './usage.ts';

/** Who may ask, and what keeps a server's idea of it up to date. */
export interface KnownClients {
  /** Undefined where anybody may. */
  readonly clients: Clients | undefined;
  /** Hands every successor of the client CA to the server, until the returned function is called. */
  follow(server: Pick<WebhookServer, 'useClientCa'>, log: Logger): () => void;
}

/** Reads the configured client CA. Throws UsageError where a person must see to it first. */
export async function knownClients({ clients }: Pick<Config, 'clients'>): Promise<KnownClients> {
  if (clients === undefined) return { clients, follow: () => () => {} };
  const { caFile, names } = clients;
  const ca = await readClientCa(caFile, new Date()).catch((error: Error) => {
    throw new UsageError(error.message);
  });
  return {
    clients: { ca: ca.pem, names },
    follow: (server, log) =>
      ca.follow({
        onChange(next) {
          server.useClientCa(next);
          log.info({ clientCa: caFile }, 'the client CA was replaced: new connections need a certificate of it');
        },
        onError: (error) => log.error({ reason: error.message }, 'the client CA'),
      }),
  };
}
