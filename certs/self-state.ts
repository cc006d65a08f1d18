import { X509Certificate } from 'node:crypto';
import type { Authorities } from './authorities.ts';
import type { AuthorityState, CertificateState } from './certificate-state.ts';
import type { CaBundleKeeper } from './keep-ca-bundle.ts';
import { nameOf } from './known-state.ts';
import type { Leaf } from './leaf.ts';
import type { Problems } from './problems.ts';

/** What mode `self` can tell. */
export function selfState({
  leaf: { certificate },
  authorities,
  keeper,
  problems,
}: {
  readonly leaf: Leaf;
  readonly authorities: Authorities;
  readonly keeper: CaBundleKeeper;
  readonly problems: Problems;
}): CertificateState {
  const leaf = new X509Certificate(certificate.cert);
  return {
    leaf: { ...nameOf(leaf), issuer: leaf.issuer, renewAt: certificate.renewAt },
    authorities: [...authorities.trusted].map(([sha256, ca]) => ({ ...nameOf(ca), ...roleOf(sha256, authorities) })),
    configurations: keeper.state(),
    problems: problems.all(),
  };
}

function roleOf(sha256: string, { signing, next, old }: Authorities): Pick<AuthorityState, 'role' | 'until'> {
  if (sha256 === signing.sha256) return { role: 'signing' };
  if (sha256 === next?.sha256) return { role: 'next' };
  const until = old.get(sha256);
  return until === undefined ? { role: 'other' } : { role: 'old', until };
}
