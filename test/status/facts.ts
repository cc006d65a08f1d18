import type { CertificateState } from '../../certs/certificate-state.ts';
import { knownState } from '../../certs/known-state.ts';
import type { LiveConfiguration } from '../../cli/live-registration.ts';
import { type StatusFacts, statusOf } from '../../cli/status-report.ts';
import { builtInRules } from '../../rules/index.ts';
import { rulesInForce } from '../../webhook/match.ts';
import { made } from '../certs/made.ts';

export const NOW = new Date('2026-11-21T12:00:00Z');
const DAY = 86_400_000;
export const inDays = (days: number): Date => new Date(NOW.getTime() + days * DAY);

export const ca = made({ commonName: 'Portcullis CA 1', names: [], isAuthority: true, until: inDays(300) });
export const next = made({ commonName: 'Portcullis CA 2', names: [], isAuthority: true, until: inDays(365) });
const leaf = made({ issuer: ca, until: inDays(30) });

/** A server's certificate in mode self, ten days from its renewal. */
export const STATE: CertificateState = {
  ...knownState({ ...leaf, notAfter: inDays(30), renewAt: inDays(10) }, ca.cert),
};

/** A configuration that trusts these CAs and is as it should be, unless said. */
export function configuration(
  phase: 'mutating' | 'validating',
  cas: readonly { cert: string }[] = [ca],
  more: Partial<LiveConfiguration> = {},
): LiveConfiguration {
  const caBundle = Buffer.from(cas.map(({ cert }) => cert).join('')).toString('base64');
  const object = { webhooks: [{ name: 'policy.example.com', clientConfig: { caBundle } }] };
  return { configuration: `${phase}webhookconfigurations/portcullis`, object, differences: [], extra: [], ...more };
}

/** What a server in a cluster is like where all is well; what is said differs. */
export function facts(more: Partial<StatusFacts> = {}): StatusFacts {
  const rules = rulesInForce(
    builtInRules.slice(0, 2).map((rule, i) => ({ rule, settings: {}, mode: i === 0 ? 'enforce' : 'warn' })),
  );
  return {
    now: NOW,
    portcullis: '1.2.3',
    unready: [],
    rules,
    rulesSha256: 'ab'.repeat(32),
    certificate: { mode: 'self', served: leaf.cert, state: STATE },
    cluster: cluster([configuration('mutating'), configuration('validating')]),
    lookups: [{ resource: 'websites.extensions.example.com', isOptional: true, isSynced: true, isWatched: true }],
    mend: [],
    ...more,
  };
}

export function cluster(configurations: readonly LiveConfiguration[], problem?: string): StatusFacts['cluster'] {
  const live = { configurations: () => configurations, problem: () => problem };
  return { server: 'https://10.0.0.1:443', kubeVersion: { major: 1, minor: 32 }, live };
}

export const problemsOf = (more: Partial<StatusFacts>) => statusOf(facts(more)).problems;
