import type { Server as HttpsServer } from 'node:https';
import type { TlsOptions } from 'node:tls';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { ageing } from './ageing.ts';
import { type Deciding, decidingHere } from './deciding.ts';
import type { Engine } from './engine.ts';
import { answerClientError, answerErrorsAsStatus, requestFault, sendStatus } from './http-errors.ts';
import { LIMITS, type Limits } from './limits.ts';
import { listenOn } from './listen-on.ts';
import type { Route } from './match.ts';
import type { Metrics } from './metrics.ts';
import { overload } from './overload.ts';
import { bodyReader } from './read-body.ts';
import { createRefusals, type Refusals } from './refusals.ts';
import { routes } from './registration.ts';
import { addReviewRoute } from './review-route.ts';
import { createStrangers, type Strangers } from './strangers.ts';
import { type Handshake, type KeyPair, tlsOptions } from './tls-options.ts';
import { unusedConnections } from './unused-connections.ts';

/** Who may ask: whoever has a certificate that is signed by a CA of this PEM and has one of the common names. */
export interface Clients {
  readonly ca: string;
  /** Where there are none, any name will do. */
  readonly names: readonly string[];
}

export interface ServerOptions {
  readonly engine: Engine;
  readonly certificate: KeyPair;
  /** Anybody may ask, unless said. */
  readonly clients?: Clients | undefined;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly limits?: Partial<Limits>;
  /** Who decides the reviews of a route; this thread unless said. */
  readonly deciding?: (route: Route) => Deciding;
}

/** The HTTPS server that the API server calls. */
export interface WebhookServer {
  /** Begins to serve; gives the port, which is the one asked for unless that was 0. */
  listen(host: string, port: number): Promise<number>;
  /** Serves new connections with this certificate; throws, and keeps the one it has, when the pair is no good. */
  useCertificate(certificate: KeyPair): void;
  /** Lets in new connections by these CAs (PEM), of a server with `clients`; throws, and keeps those it has, for none. */
  useClientCa(ca: string): void;
  /**
   * Ends without losing a review: goes on serving for `delay` ms, so that everyone can learn that this server is
   * going, with answers that close their connection; then closes idle connections, unused ones too, and waits for the
   * busy ones, for `deadline` ms at most.
   */
  drain(times: { readonly delay: number; readonly deadline: number }): Promise<void>;
}

/** Makes the server: one route for each place where a review for the rules in force may arrive, and nothing else. */
export function createServer(options: ServerOptions): WebhookServer {
  const { engine, clients, log, metrics } = options;
  const { deciding = () => decidingHere(engine) } = options;
  const limits = { ...LIMITS, ...options.limits };
  const refusals = createRefusals(log, metrics, () => engine.now());
  const strangers = createStrangers(log, metrics, () => engine.now());
  let handshake: Handshake = { certificate: options.certificate, clientCa: clients?.ca };
  const app = createApp(tlsOptions(handshake), limits, { refusals, strangers });
  const server = app.server as HttpsServer;
  server.maxConnections = limits.connections;
  server.on('drop', refusals.connection);
  const unused = unusedConnections(server);
  const room = overload(limits, engine.now);
  let isDraining = false;

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', bodyReader(room, limits.body));
  answerErrorsAsStatus(app, (error, { raw, url }) => {
    const fault = requestFault(error, limits.body);
    if (fault.code === 429) refusals.busy({ code: 429, reason: fault.message });
    else refusals.request({ code: fault.code, reason: error.message }, { url, socket: raw.socket });
    return fault;
  });
  const isOld = ageing(limits.connection, engine.now);
  app.addHook('onSend', ({ raw }, reply, payload, done) => {
    // Fastify closes a connection whose body was not read; whoever is to ask again need not shake hands again.
    if (reply.statusCode === 429) reply.removeHeader('connection');
    // A close while the body is still coming would be a reset, and overtake the answer: the next answer closes then.
    if ((isDraining || isOld(raw.socket)) && raw.complete) reply.header('connection', 'close');
    // What this server has no room for or, while it ends, cannot decide: the API server asks again (protocol.md §1.2).
    if (reply.statusCode === 429 || (isDraining && reply.statusCode >= 500)) reply.header('retry-after', '1');
    done(null, payload);
  });

  strangers.refuse(app, clients?.names ?? []);
  for (const route of routes(engine.rules))
    addReviewRoute(app, route, { decide: deciding(route), now: engine.now, log, metrics, room });
  refuseOthers(app, refusals, () => isDraining);

  return {
    listen: (host, port) => listenOn(app, host, port),
    useCertificate: (certificate) => shakeHands({ ...handshake, certificate }),
    useClientCa: (clientCa) => shakeHands({ ...handshake, clientCa }),
    async drain({ delay, deadline }) {
      isDraining = true;
      await new Promise((resolve) => setTimeout(resolve, delay));
      const hard = setTimeout(() => server.closeAllConnections(), deadline);
      unused.close();
      await app.close();
      clearTimeout(hard);
    },
  };

  function shakeHands(next: Handshake): void {
    server.setSecureContext(tlsOptions(next));
    handshake = next;
  }
}

function createApp(
  tls: TlsOptions,
  limits: Limits,
  { refusals, strangers }: { readonly refusals: Refusals; readonly strangers: Strangers },
): FastifyInstance {
  return Fastify({
    https: {
      ...tls,
      handshakeTimeout: limits.headers,
      headersTimeout: limits.headers,
      connectionsCheckingInterval: Math.min(limits.headers / 4, 5000),
    },
    bodyLimit: limits.body,
    keepAliveTimeout: limits.keepAlive,
    requestTimeout: limits.request,
    // Whoever does not take its answer would keep the review's place for good. Whoever is slow to ask hears 408 long before.
    connectionTimeout: 2 * limits.request,
    // A connection kept alive may carry one more review while the server closes: it is answered, not refused.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: (error, socket) => {
      strangers.failed(error, socket);
      const fault = answerClientError(error, socket);
      if (fault !== undefined) refusals.client({ code: fault.code, reason: fault.message }, socket);
    },
    frameworkErrors: (_error, request, reply) => refuse(request, reply, refusals, 400, 'the path is not a valid URL'),
    routerOptions: { ignoreTrailingSlash: true },
    logger: false,
  }) as unknown as FastifyInstance;
}

function refuseOthers(app: FastifyInstance, refusals: Refusals, isDraining: () => boolean): void {
  app.setNotFoundHandler((request, reply) => {
    const { method, url } = request;
    const path = url.split('?', 1)[0] ?? '';
    const isKnown = method !== 'POST' && app.hasRoute({ method: 'POST', url: path.replace(/(.)\/$/, '$1') });
    // A webhook that came after a server that is ending is for its successors; no 404 is asked again.
    if (!isKnown) return refuse(request, reply, refusals, isDraining() ? 503 : 404, NO_WEBHOOK);
    reply.header('allow', 'POST');
    return refuse(request, reply, refusals, 405, `${method} is not for this path; an API server uses POST`);
  });
}

const NO_WEBHOOK = 'there is no webhook of this path; the webhook configuration and the rules differ';

function refuse(
  { raw, url }: Pick<FastifyRequest, 'raw' | 'url'>,
  reply: Pick<FastifyReply, 'code'>,
  refusals: Refusals,
  code: number,
  message: string,
): FastifyReply {
  refusals.request({ code, reason: message }, { url, socket: raw.socket });
  return sendStatus(reply, { code, message });
}
