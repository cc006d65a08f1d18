import Fastify from 'fastify';
import { answerErrorsAsStatus } from './http-errors.ts';
import type { Metrics } from './metrics.ts';
import { statusOf } from './status.ts';

/** The plain port for kubelets and Prometheus. */
export interface HealthServer {
  /** Begins to serve; gives the port, which is the one asked for unless that was 0. */
  listen(host: string, port: number): Promise<number>;
  close(): Promise<void>;
}

/**
 * Makes the server of `/livez` (the process answers), `/readyz` (200, or 503 saying what is missing) and `/metrics`.
 * `unready` lists what keeps reviews from being answered right now: never registration or drift, which would
 * deadlock an install.
 */
export function createHealthServer(unready: () => readonly string[], metrics: Metrics): HealthServer {
  const app = Fastify({ logger: false, forceCloseConnections: true, bodyLimit: 1024 });
  answerErrorsAsStatus(app, ({ statusCode = 500, message }) => ({
    code: statusCode,
    message: statusCode < 500 ? message : 'internal error',
  }));
  app.setNotFoundHandler((_request, reply) => {
    const status = statusOf(404, 'there is nothing here but /livez, /readyz and /metrics');
    return reply.code(404).type('application/json').send(JSON.stringify(status));
  });
  app.get('/livez', async () => 'ok');
  app.get('/readyz', async (_request, reply) => {
    const missing = unready();
    if (missing.length === 0) return 'ok';
    const status = statusOf(503, `not ready: ${missing.join('; ')}`);
    return reply.code(503).type('application/json').send(JSON.stringify(status));
  });
  app.get('/metrics', async (_request, reply) => {
    const { contentType, body } = await metrics.text();
    return reply.type(contentType).send(body);
  });
  return {
    async listen(host, port) {
      await app.listen({ host, port });
      const address = app.server.address();
      return typeof address === 'object' && address !== null ? address.port : port;
    },
    close: () => app.close(),
  };
}
