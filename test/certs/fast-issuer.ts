import { randomBytes, X509Certificate } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Issuer } from '../../certs/leaf.ts';
import { type Made, made } from './made.ts';

const HOUR = 3_600_000;
const DAY = 86_400_000;

/** Issues what Portcullis issues, but for IPv6 names, a hundred times as fast and without a pause: a manual clock waits for it. */
export const fastIssuer: Issuer = {
  authority: async (wish) => newAuthority(wish),
  async leaf({ ca, names, now, days }) {
    const { validToDate } = new X509Certificate(ca.cert);
    if (validToDate <= now) throw new Error(`The CA ended at ${validToDate.toISOString()}: it cannot sign any more.`);
    const { from, until } = life(now, days);
    const notAfter = new Date(Math.min(until.getTime(), validToDate.getTime()));
    const leaf = made({ issuer: ca, names: names.filter((name) => !isIPv6(name)), from, until: notAfter });
    const renewAt = new Date(now.getTime() + ((notAfter.getTime() - now.getTime()) * 2) / 3);
    return { ...leaf, notAfter, renewAt };
  },
};

/** The same CA, at once. */
export function newAuthority({ now, days }: { readonly now: Date; readonly days: number }): Made {
  const commonName = `Portcullis CA ${randomBytes(8).toString('hex')}`;
  return made({ ...life(now, days), isAuthority: true, commonName });
}

function life(now: Date, days: number): { from: Date; until: Date } {
  return { from: new Date(now.getTime() - HOUR), until: new Date(now.getTime() + days * DAY) };
}
