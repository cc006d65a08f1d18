import type { TlsOptions } from 'node:tls';

/** A serving certificate and its key, PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** What a TLS server shows its clients, and what they have to show. */
export interface Handshake {
  readonly certificate: KeyPair;
  /** PEM of the CAs that a client's certificate has to be signed by; undefined: clients need none. */
  readonly clientCa: string | undefined;
}

/**
 * All of the options of a TLS server: none is merged with those of before (protocol.md §4.3). Throws where Node would
 * take an empty text for "none": without a pair every handshake fails, and without a client CA those of the system are
 * trusted.
 */
export function tlsOptions({ certificate: { cert, key }, clientCa }: Handshake): TlsOptions {
  if (cert === '' || key === '') throw new Error('the serving certificate or its key is empty');
  const always = { cert, key, minVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'] } as const;
  if (clientCa === undefined) return always;
  if (!clientCa.includes('-----BEGIN CERTIFICATE-----')) throw new Error('the client CA has no certificate');
  return { ...always, ca: clientCa, requestCert: true, rejectUnauthorized: true, secureOptions: SSL_OP_NO_TICKET };
}

/**
 * Nobody comes back with a session of before, in which no certificate is looked at: it may have ended since. API
 * servers never do (Go's crypto/tls resumes only for clients that keep a session cache). The number is openssl/ssl.h's.
 */
export const SSL_OP_NO_TICKET = 0x4000;
