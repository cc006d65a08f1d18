import type { FastifyInstance } from 'fastify';

/** Begins to serve; gives the port, which is the one asked for unless that was 0. */
export async function listenOn(app: FastifyInstance, host: string, port: number): Promise<number> {
  await app.listen({ host, port });
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
