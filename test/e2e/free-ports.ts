import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/**
 * That many different ports of 127.0.0.1 on which nobody listened a moment ago. For programs that cannot be told to
 * choose one themselves and say which; somebody may be faster, so whoever calls this is prepared to try again.
 */
export async function freePorts(count: number): Promise<number[]> {
  // All are held at once, or the system might give the same one twice.
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
