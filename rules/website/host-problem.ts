import type { HostSettings } from './host-settings.ts';
import { ipAddressOf } from './ip-address.ts';
import { type Reach, reachOf } from './reach.ts';

const SHOWN_HOSTS = 5;

/**
 * What is wrong with the host that a pod shall fetch from (injection.md §5.3), as a sentence that begins with "must", or
 * undefined. The host is in lower case and without a trailing dot. Whatever gives way to the inside of a pod, a node or
 * a cloud is refused unless `allowedHosts` has that very host: a suffix does not mean it.
 */
export function hostProblem(host: string, { allowedHosts, privateHosts }: HostSettings): string | undefined {
  const { reach, address } = reachOf(host);
  const isNamed = allowedHosts.some((allowed) => isSame(allowed, host));
  if (!isNamed && allowedHosts.length > 0 && !allowedHosts.some((allowed) => isBelow(allowed, host))) {
    const more = allowedHosts.length > SHOWN_HOSTS ? ' and others' : '';
    return `must be on an allowed host: ${allowedHosts.slice(0, SHOWN_HOSTS).join(', ')}${more}`;
  }
  const refusal = isNamed ? undefined : REFUSALS[reach];
  if (refusal !== undefined) return refusal + inTruth(host, address);
  if (reach === 'private' && privateHosts === 'refuse' && allowedHosts.length === 0)
    return PRIVATE + inTruth(host, address);
  // Others would read 010.1.1.1 otherwise: what is fetched must be what was judged.
  if (address !== undefined && !host.includes(':') && address !== host) {
    return `must have its host's address in the usual form: ${address}`;
  }
  return undefined;
}

const PRIVATE = 'must be on a public host: private addresses and internal names are not allowed here';

const REFUSALS: { readonly [reach in Reach]?: string } = {
  loopback: 'must not be on localhost, which is the pod that fetches it',
  'link-local': 'must not be on a link-local address, where nodes and clouds have their metadata',
  metadata: 'must not be on the metadata service of a cloud',
  'api-server': 'must not be on the API server of Kubernetes',
  nobody: 'must not be on a multicast or reserved address',
  'self-named': 'must not be on a name that leads to whatever address is in it, or to localhost',
};

/** A disguise is taken off, so that its author sees what was meant by the refusal. */
function inTruth(host: string, address: string | undefined): string {
  return address === undefined || address === host ? '' : `: ${host} is ${address}`;
}

function isSame(allowed: string, host: string): boolean {
  const name = nameOf(allowed);
  return name === host || (ipAddressOf(host)?.text ?? host) === ipAddressOf(name)?.text;
}

function isBelow(allowed: string, host: string): boolean {
  const name = nameOf(allowed);
  return name.startsWith('*.') && host.endsWith(name.slice(1)) && host.length >= name.length;
}

function nameOf(allowed: string): string {
  return allowed.toLowerCase().replace(/\.$/, '');
}
