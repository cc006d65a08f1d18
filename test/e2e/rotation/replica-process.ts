// A replica as its tests need it: `node replica-process.ts SETTINGS FLAGS…` is `portcullis serve FLAGS`, in other times
// and with another clock. It closes connections after a few reviews, as a long life would bring about, unless it is said how
// old they become, and writes down each that brought one: the name of the CA behind the certificate that it began with, a
// line each.
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { wallClock } from '../../../certs/clock.ts';
import { serve } from '../../../cli/serve.ts';
import type { ReplicaSettings } from './replica.ts';

const MOST_REVIEWS = 2;

const [settings = '', ...flags] = process.argv.slice(2);
const { times, skewMs, connections, connectionMs }: ReplicaSettings = JSON.parse(settings);
const reviews = new WeakMap<Socket, number>();

subscribe('http.server.request.start', (message) => {
  const { socket, response } = message as { readonly socket: Socket; readonly response: ServerResponse };
  if (!(socket instanceof TLSSocket)) return;
  const count = (reviews.get(socket) ?? 0) + 1;
  reviews.set(socket, count);
  if (count === 1) appendFileSync(connections, `${socket.getX509Certificate()?.issuer}\n`);
  if (count === MOST_REVIEWS && connectionMs === undefined) response.shouldKeepAlive = false;
});

const clock = { ...wallClock, now: () => new Date(Date.now() + skewMs) };
const limits = connectionMs === undefined ? {} : { connection: connectionMs };
process.exit(await serve(flags, { times, clock, limits }));
