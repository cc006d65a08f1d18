import { UsageError } from './usage.ts';

/** What can be made to listen; gives the port, which is the one asked for unless that was 0. */
interface Listener {
  listen(host: string, port: number): Promise<number>;
}

/**
 * Makes it listen and gives the port. The host `::` is every address there is: where a machine has no IPv6, those of
 * IPv4. Throws UsageError that names the flag (`port`, `health-port`) by which another can be chosen.
 */
export async function listening(
  listener: Listener,
  { host, port, flag }: { host: string; port: number; flag: string },
): Promise<number> {
  try {
    return await listener.listen(host, port);
  } catch (error) {
    const { code = '', message, address, hostname } = error as NodeJS.ErrnoException & Record<string, string>;
    if (host === '::' && NO_IPV6.includes(code)) return listening(listener, { host: '0.0.0.0', port, flag });
    if (['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENOTFOUND', 'EAI_AGAIN'].includes(code)) {
      throw new UsageError(
        `cannot listen: this machine has no address ${address ?? hostname}; choose another with --host`,
      );
    }
    const reason =
      code === 'EADDRINUSE' ? 'something else listens there' : code === 'EACCES' ? 'it is not permitted' : message;
    throw new UsageError(`cannot listen on port ${port}: ${reason}; choose another with --${flag}`);
  }
}

/** What Node says of `::` where the kernel was built or started without IPv6, or has it disabled. */
const NO_IPV6 = ['EAFNOSUPPORT', 'EADDRNOTAVAIL'];

/** An address that reaches a server which listens on `host`, as a URL has it. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
