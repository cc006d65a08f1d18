import { X509Certificate } from 'node:crypto';
import { isSignedBy } from '../../../certs/check.ts';
import { pemBlocks } from '../../../certs/pem.ts';
import { text } from '../base64.ts';
import type { Version } from './api-server.ts';

/**
 * Why a client that knows this version of a configuration refuses a certificate at a time; undefined where each of the
 * webhooks accepts it. What was found of a bundle is remembered by `known`.
 */
export function refusal(
  { bundles }: Version,
  cert: string,
  now: number,
  known: Map<string, X509Certificate | undefined>,
): string | undefined {
  for (const bundle of bundles) {
    const key = `${cert}${bundle}`;
    if (!known.has(key)) known.set(key, issuerIn(bundle, new X509Certificate(cert)));
    const issuer = known.get(key);
    if (issuer === undefined) return 'signed by nobody whom it trusts';
    for (const { subject, validFromDate, validToDate } of [issuer, new X509Certificate(cert)]) {
      if (now < validFromDate.getTime()) return `${subject} is not valid before ${validFromDate.toISOString()}`;
      if (now > validToDate.getTime()) return `${subject} ended at ${validToDate.toISOString()}`;
    }
  }
  return undefined;
}

function issuerIn(bundle: string | undefined, leaf: X509Certificate): X509Certificate | undefined {
  const trusted = pemBlocks(text(bundle)).map((block) => new X509Certificate(block));
  return trusted.find((certificate) => isSignedBy(leaf, certificate));
}
