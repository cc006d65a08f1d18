import { X509Certificate } from 'node:crypto';
import type { CertificateName } from './certificate-state.ts';
import { isSignedBy } from './check.ts';
import { nameOf } from './known-state.ts';
import { pemBlocks } from './pem.ts';

/** What a webhook configuration makes API servers trust. */
export interface Trust {
  /** The CAs that all of its webhooks trust. */
  readonly trusts: readonly CertificateName[];
  /**
   * Whether all of them trust the certificate that is served with. Undefined where one has no caBundle: then the API
   * server's own roots decide.
   */
  readonly trustsServing?: boolean;
}

/** Looks at a configuration as an API server has it; `served` is what is served with, PEM, the certificates between it and its CA behind it. */
export function trustedBy(configuration: { readonly webhooks?: unknown }, served: string | undefined): Trust {
  const bundles = bundlesIn(configuration);
  const [first = [], ...others] = bundles.map((bundle) => certificatesIn(bundle ?? ''));
  const inAll = first.filter((one) => others.every((all) => all.some((other) => isSame(one, other))));
  const trusts = inAll.filter((one, i) => inAll.findIndex((other) => isSame(one, other)) === i).map(nameOf);
  if (served === undefined || bundles.length === 0 || bundles.includes(undefined)) return { trusts };
  const chain = certificatesIn(served);
  return { trusts, trustsServing: [first, ...others].every((bundle) => isTrusted(chain, bundle)) };
}

function bundlesIn({ webhooks }: { readonly webhooks?: unknown }): (string | undefined)[] {
  return (Array.isArray(webhooks) ? webhooks : []).map(({ clientConfig = {} }) => {
    const { caBundle } = clientConfig;
    return typeof caBundle === 'string' && caBundle !== '' ? Buffer.from(caBundle, 'base64').toString() : undefined;
  });
}

/** From the served one upwards: each is in the bundle, or signed by one there, or by the next of the chain. */
function isTrusted(chain: readonly X509Certificate[], bundle: readonly X509Certificate[]): boolean {
  for (let [current, ...rest] = chain; current !== undefined; ) {
    const one = current;
    if (bundle.some((ca) => isSame(one, ca) || isSignedBy(one, ca))) return true;
    current = rest.find((other) => isSignedBy(one, other));
    rest = rest.filter((other) => other !== current);
  }
  return false;
}

/** Of what is damaged nothing can be told. */
function certificatesIn(text: string): X509Certificate[] {
  return pemBlocks(text).flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return [];
    }
  });
}

function isSame(one: X509Certificate, other: X509Certificate): boolean {
  return one.fingerprint256 === other.fingerprint256;
}
