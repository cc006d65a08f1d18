import { ipAddressOf } from './ip-address.ts';
import { reachOfAddress } from './networks.ts';

/**
 * Where a host leads that a pod of the cluster fetches from. `nobody` is an address that is no host's (multicast,
 * reserved), `self-named` a name that leads to the address in it, or to loopback, `private` a network or a name that
 * is no public one.
 */
export type Reach =
  | 'public'
  | 'private'
  | 'loopback'
  | 'link-local'
  | 'metadata'
  | 'api-server'
  | 'nobody'
  | 'self-named';

/**
 * What can be told from the host alone, in lower case and without a trailing dot: no name is resolved, and one that
 * somebody made lead to loopback is not known by looking at it. `address` is there for an address: what it is in
 * truth, in its canonical text.
 */
export function reachOf(host: string): { readonly reach: Reach; readonly address?: string } {
  const address = ipAddressOf(host);
  if (address === undefined) return { reach: NAMES.find(([, names]) => names.test(host))?.[0] ?? 'public' };
  const found = reachOfAddress(address);
  return { reach: found.reach, address: found.address.text };
}

/** The first that fits counts. */
const NAMES: readonly [Reach, RegExp][] = [
  // The names in every pod's /etc/hosts (kubelet_pods.go) and RFC 6761 §6.3.
  ['loopback', /(^|\.)localhost$|^localhost\.localdomain$|^localhost[46](\.localdomain[46])?$|^ip6-[^.]*$/],
  // Google, Azure, AWS, Tencent, IBM; Google's and AWS' short names are found in the domain that a node searches.
  [
    'metadata',
    /^(metadata(\.(google|azure)\.internal|\.goog|\.tencentyun\.com)?|instance-data(\..*\.internal)?|api\.metadata\.cloud\.ibm\.com)$/,
  ],
  ['api-server', /^kubernetes(\.default(\.svc(\..*)?)?)?$/],
  // The cluster's own DNS answers 169-254-169-254.NAMESPACE.pod with that address (CoreDNS, "pods insecure").
  [
    'self-named',
    /(^|\.)((nip|sslip|xip|backname)\.io|(localtest|lvh|vcap|traefik)\.me|1u\.ms|rbndr\.us)$|^[^.]+\.[^.]+\.pod(\.|$)/,
  ],
  // No public name has one label; RFC 6762 (.local, appendix G: the others), RFC 8375 (home.arpa), the cluster's own.
  [
    'private',
    /^[^.]+$|^[^.]+\.[^.]+\.svc\.|\.(svc|local|internal|intranet|private|corp|home|lan|home\.arpa|localdomain)$/,
  ],
  // Within a cluster NAME.NAMESPACE is a Service; no top-level domain has a "-" but those that begin with xn--.
  ['private', /^[^.]+\.(default|(?!xn--)[^.]*-[^.]*)$/],
];
