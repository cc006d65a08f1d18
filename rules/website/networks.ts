import { type IpAddress, ipAddressOf, ipv4From } from './ip-address.ts';
import type { Reach } from './reach.ts';

/**
 * Where an address leads, and which one it is in truth: an IPv4 address may be wrapped into an IPv6 one. From the
 * IANA special-purpose address registries (RFC 6890) and the clouds' documentation; documentation networks count as
 * public.
 */
export function reachOfAddress(address: IpAddress): { reach: Reach; address: IpAddress } {
  const wrapper = address.version === 6 ? WRAPPERS.find(({ network }) => contains(network, address)) : undefined;
  if (wrapper !== undefined && !OWN.some((network) => contains(network, address))) {
    return reachOfAddress(ipv4From((address.bits >> wrapper.shift) & 0xffff_ffffn));
  }
  return { reach: NETWORKS.find(({ network }) => contains(network, address))?.reach ?? 'public', address };
}

interface Network {
  readonly version: 4 | 6;
  readonly bits: bigint;
  readonly shift: bigint;
}

function contains({ version, bits, shift }: Network, address: IpAddress): boolean {
  return version === address.version && bits === address.bits >> shift;
}

function network(cidr: string): Network {
  const [text = '', length = ''] = cidr.split('/');
  const address = ipAddressOf(text);
  if (address === undefined) throw new Error(`${cidr} is no network`);
  const shift = BigInt((address.version === 4 ? 32 : 128) - Number(length));
  return { version: address.version, bits: address.bits >> shift, shift };
}

/** `::` and `::1` are within what once wrapped IPv4 addresses, and are themselves. */
const OWN = ['::/128', '::1/128'].map(network);

/** Where the IPv4 address is within the IPv6 one: mapped, compatible, translated, NAT64 (RFC 6052, RFC 8215), 6to4. */
const WRAPPERS = (
  [
    ['::ffff:0:0/96', 0n],
    ['::/96', 0n],
    ['::ffff:0:0:0/96', 0n],
    ['64:ff9b::/96', 0n],
    ['64:ff9b:1::/48', 0n],
    ['2002::/16', 80n],
  ] as const
).map(([cidr, shift]) => ({ network: network(cidr), shift }));

/** The first that contains an address counts. Linux takes 0.0.0.0 for itself. */
const NETWORKS = (
  [
    ['loopback', '0.0.0.0/8', '127.0.0.0/8', ...['::/128', '::1/128']],
    // Alibaba, Azure, Oracle (classic); over IPv6 AWS, Google, Oracle, Alibaba, Scaleway, Akamai.
    ['metadata', '100.100.100.200/32', '168.63.129.16/32', '192.0.0.192/32', 'fd00:ec2::/32', 'fd20:ce::254/128'],
    ['metadata', ...['fd00:c1::a9fe:a9fe/128', 'fd00:100::100:200/128', 'fd00:42::42/128', 'fd00:a9fe:a9fe::1/128']],
    ['link-local', '169.254.0.0/16', 'fe80::/10'],
    ['nobody', '224.0.0.0/4', '240.0.0.0/4', 'ff00::/8'],
    ['private', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '192.0.0.0/24', '198.18.0.0/15'],
    ['private', 'fc00::/7', 'fec0::/10'],
  ] as const satisfies [Reach, ...string[]][]
).flatMap(([reach, ...cidrs]) => cidrs.map((cidr) => ({ reach, network: network(cidr) })));
