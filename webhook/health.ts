import Fastify from 'fastify';
import { answerClientError, answerErrorsAsStatus, sendStatus } from './http-errors.ts';
import { listenOn } from './listen-on.ts';
import type { Metrics } from './metrics.ts';

/** The plain port for kubelets and Prometheus. */
export interface HealthServer {
  /** Begins to serve; gives the port, which is the one asked for unless that was 0. */
  listen(host: string, port: number): Promise<number>;
  close(): Promise<void>;
}

/**
 * Makes the server of `/livez` (the process answers), `/readyz` (200, or 503 saying what is missing), `/metrics`, and
 * `/status`, the JSON of what `status` gives: anybody may read it. `unready` lists what keeps reviews from being answered
 * right now: never registration or drift, which would deadlock an install.
 */
export function createHealthServer(
  unready: () => readonly string[],
  metrics: Metrics,
  status: () => object,
): HealthServer {
  const app = Fastify({
    logger: false,
    forceCloseConnections: true,
    bodyLimit: 1024,
    clientErrorHandler: answerClientError,
  });
  answerErrorsAsStatus(app, ({ statusCode = 500, message }) => ({
    code: statusCode,
    message: statusCode < 500 ? message : 'internal error',
  }));
  app.setNotFoundHandler((_request, reply) =>
    sendStatus(reply, { code: 404, message: 'there is nothing here but /livez, /readyz, /status and /metrics' }),
  );
  app.get('/livez', async () => 'ok');
  app.get('/readyz', async (_request, reply) => {
    const missing = unready();
    if (missing.length === 0) return 'ok';
    return sendStatus(reply, { code: 503, message: `not ready: ${missing.join('; ')}` });
  });
  app.get('/metrics', async (_request, reply) => {
    const { contentType, body } = await metrics.text();
    return reply.type(contentType).send(body);
  });
  app.get('/status', async (_request, reply) => reply.type('application/json').send(JSON.stringify(status())));
  return {
    listen: (host, port) => listenOn(app, host, port),
    close: () => app.close(),
  };
}
