import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { ClientRefusal } from './client-metrics.ts';
import { sendStatus } from './http-errors.ts';
import type { Metrics } from './metrics.ts';
import { onceASecond } from './once-a-second.ts';
import { shownOnOneLine } from './shown.ts';

/** Those who are not let in for want of the right client certificate. */
export interface Strangers {
  /** To be told of every connection that failed: says so where that was for the client's certificate. */
  failed(error: Error & { readonly code?: string }, socket: Socket): void;
  /** Answers 403 to whoever has a certificate with none of these common names; any will do where there are no names. */
  refuse(app: FastifyInstance, names: readonly string[]): void;
}

/** Makes them for one server: each is counted, and of each kind at most one line a second tells. */
export function createStrangers(log: Logger, metrics: Metrics, now: () => number): Strangers {
  const sparing = { no_certificate: onceASecond(now), not_accepted: onceASecond(now), name: onceASecond(now) };
  return {
    failed(error, socket) {
      if (error.code === 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE') tell('no_certificate', 'it has no certificate');
      // Node shakes hands with anybody, and then closes the connection; it calls the code an Error.
      const problem = (socket as TLSSocket).authorizationError as unknown as string | null | undefined;
      if (problem) tell('not_accepted', `its certificate ${PROBLEMS[problem] ?? `is not accepted: ${problem}`}`);
    },
    refuse(app, names) {
      if (names.length === 0) return;
      // A connection has one certificate from its beginning to its end.
      const known = new WeakMap<Socket, string | true>();
      app.addHook('onRequest', (request, reply, done) => {
        const { socket } = request.raw;
        const judged = known.get(socket) ?? judge(socket as TLSSocket, names);
        known.set(socket, judged);
        if (judged === true) {
          done();
          return;
        }
        tell('name', judged);
        metrics.refused(403);
        sendStatus(reply, { code: 403, message: `this server does not answer this client: ${judged}` });
      });
    },
  };

  function tell(kind: ClientRefusal, reason: string): void {
    metrics.clients.refused(kind);
    sparing[kind]((passedOver) => log.warn({ reason, ...passedOver }, 'client refused'));
  }
}

function judge(socket: TLSSocket, names: readonly string[]): string | true {
  // Of a subject with several common names Node gives a list, which is none of the names.
  const commonName: unknown = socket.getPeerX509Certificate()?.toLegacyObject().subject.CN;
  if (typeof commonName !== 'string') return 'its certificate has no common name, or more than one';
  if (names.includes(commonName)) return true;
  return `its certificate is that of "${shownOnOneLine(commonName, NAME_SHOWN)}", which is none of the names that may ask`;
}

/** X.520 allows 64 characters (ub-common-name), and not everybody minds. */
const NAME_SHOWN = 64;

/** What OpenSSL says of a certificate (X509_V_ERR_…), as a predicate. */
const PROBLEMS: { readonly [code: string]: string } = {
  CERT_HAS_EXPIRED: 'has ended, or a CA of it',
  CERT_NOT_YET_VALID: 'is not valid yet, or a CA of it',
  INVALID_PURPOSE: 'is not for TLS clients: its extended key usages lack clientAuth',
  ...Object.fromEntries(
    [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'CERT_SIGNATURE_FAILURE',
    ].map((code) => [code, 'is not signed by the client CA']),
  ),
};
