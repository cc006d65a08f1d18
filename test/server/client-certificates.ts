import { once } from 'node:events';
import { Agent } from 'node:https';
import type { TestContext } from 'node:test';
import { type ConnectionOptions, connect } from 'node:tls';
import { hoursFromNow, type Made, made, type Wish } from '../certs/made.ts';
import { reviewWith } from './hostile.ts';
import type { Serving } from './serving.ts';

/** TLS clients (RFC 5280 §4.2.1.12). */
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const CLIENT: Wish = { commonName: 'kube-apiserver', names: [], usages: [CLIENT_AUTH] };
const NOT_SIGNED = 'its certificate is not signed by the client CA';

/** The client CA of these tests, its successor, and one of the same name that somebody else has made. */
export const clientCa = made({ isAuthority: true, commonName: 'client CA' });
export const nextCa = made({ isAuthority: true, commonName: 'next client CA' });
const namesake = made({ isAuthority: true, commonName: 'client CA' });
const between = made({ isAuthority: true, commonName: 'CA between', issuer: clientCa });

/** A client's certificate; kube-apiserver's unless said. */
export function clientCertificate(issuer: Made, wish: Wish = {}): Made {
  return made({ ...CLIENT, issuer, ...wish });
}

export const good = clientCertificate(clientCa);

const ofBetween = clientCertificate(between);

/** Clients that are let in. */
export const admitted: { readonly [sentence: string]: Made } = {
  'a certificate that the client CA signed': good,
  'one that is for servers too': clientCertificate(clientCa, { usages: [CLIENT_AUTH, '1.3.6.1.5.5.7.3.1'] }),
  'one that says nothing of what it is for': clientCertificate(clientCa, { usages: [] }),
  'one of a CA that the client CA signed, which is sent along': { ...ofBetween, cert: ofBetween.cert + between.cert },
  'one without a common name': clientCertificate(clientCa, { commonNames: [] }),
};

/** Clients that are not, and what an operator reads of them. */
export const refused: { readonly [sentence: string]: readonly [Made | undefined, kind: string, reason: string] } = {
  'no certificate': [undefined, 'no_certificate', 'it has no certificate'],
  'one of another CA': stranger(nextCa),
  'one of another CA that has the same name': stranger(namesake),
  'one of a CA between that is not sent along': stranger(between),
  'one that signed itself': [made(CLIENT), 'not_accepted', NOT_SIGNED],
  'one that has ended': ended(),
  'one that is not valid yet': [
    clientCertificate(clientCa, { from: hoursFromNow(1) }),
    'not_accepted',
    'its certificate is not valid yet, or a CA of it',
  ],
  'one that is for servers alone': [
    made({ issuer: clientCa, commonName: 'kube-apiserver' }),
    'not_accepted',
    'its certificate is not for TLS clients: its extended key usages lack clientAuth',
  ],
};

function stranger(issuer: Made): readonly [Made, string, string] {
  return [clientCertificate(issuer), 'not_accepted', NOT_SIGNED];
}

function ended(): readonly [Made, string, string] {
  const wish = { from: hoursFromNow(-2), until: hoursFromNow(-1) };
  return [clientCertificate(clientCa, wish), 'not_accepted', 'its certificate has ended, or a CA of it'];
}

/** What became of one connection that asks for a review. */
export interface Came {
  /** Of the answer; undefined where there was none. */
  readonly status?: number;
  /** What the client was told by its TLS, or '' where the connection was just closed. */
  readonly alert: string;
  /** What a later connection may begin with. */
  readonly session?: Buffer;
}

const review = reviewWith();
const HEAD = `POST /validate/policy HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\n`;

/** Connects with this certificate, if any, asks, and waits for the connection's end. */
export async function came(
  { port, ca }: Pick<Serving, 'port' | 'ca'>,
  { cert, key }: Partial<Made> = {},
  options: ConnectionOptions = {},
): Promise<Came> {
  const shown = cert === undefined ? {} : { cert, key };
  const socket = connect({ host: '127.0.0.1', port, ca, servername: 'localhost', ...shown, ...options });
  let [text, alert] = ['', ''];
  let session: Buffer | undefined;
  socket.on('session', (given) => {
    session = given;
  });
  socket.on('error', ({ message }) => {
    alert = /alert ([a-z ]+):/.exec(message)?.[1] ?? '';
  });
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.once('secureConnect', () => socket.write(`${HEAD}Content-Length: ${review.length}\r\n\r\n${review}`));
  await once(socket, 'close').catch(() => once(socket, 'close'));
  const status = /^HTTP\/1\.1 (\d+)/.exec(text)?.[1];
  return {
    alert,
    ...(status === undefined ? {} : { status: Number(status) }),
    ...(session === undefined ? {} : { session }),
  };
}

/** An agent with this certificate that keeps one connection, closed when the test ends. */
export function agentWith(t: Pick<TestContext, 'after'>, { ca }: Pick<Serving, 'ca'>, { cert, key }: Made): Agent {
  const agent = new Agent({ ca, cert, key, keepAlive: true, maxSockets: 1, maxCachedSessions: 0 });
  t.after(() => agent.destroy());
  return agent;
}
