import type { CertificateName, CertificateState } from '../certs/certificate-state.ts';
import { trustedBy } from '../certs/trusted-by.ts';
import type { LookupState } from '../cluster/lookups.ts';
import { type KubeVersion, versionText } from '../webhook/kube-version.ts';
import type { RulesInForce } from '../webhook/match.ts';
import type { CertificateMode } from './config-values.ts';
import { driftIn, type LiveRegistration } from './live-registration.ts';

/** What `/status` says, and `portcullis status` shows: times as RFC 3339, certificates by the SHA-256 of their DER. */
export interface Status {
  readonly version: 1;
  /** When it was told. */
  readonly time: string;
  /** Portcullis' own version. */
  readonly portcullis: string;
  readonly ready: boolean;
  /** What is wrong, a sentence each; none where all is well. */
  readonly problems: readonly string[];
  readonly rules: {
    /** Of all that decides reviews: replicas with the same decide the same (hashed-rules.ts). */
    readonly sha256: string;
    readonly inForce: readonly { readonly name: string; readonly phase: string; readonly mode: string }[];
  };
  /** What is served with; absent until there is one. */
  readonly certificate?: StatusCertificate & {
    readonly mode: CertificateMode;
    readonly issuer: string;
    readonly renewAt?: string;
  };
  /** The CAs that are to be trusted, the signing one first; empty where others see to that. */
  readonly authorities: readonly (StatusCertificate & { readonly role: string; readonly trustedUntil?: string })[];
  readonly registration: {
    /** Whether a cluster is asked at all. */
    readonly asked: boolean;
    readonly configurations: readonly StatusConfiguration[];
    /** Why the cluster could not be asked. */
    readonly problem?: string;
    /** What to do about differences, one after the other: commands, but where only a person knows what was done. */
    readonly mend: readonly string[];
  };
  readonly lookups: readonly LookupState[];
  /** The one that is asked; `kubernetes` is its version, once it has said it. */
  readonly apiServer?: { readonly url: string; readonly kubernetes?: string };
}

/** A certificate: which, whose, and when it ends. */
export interface StatusCertificate {
  readonly sha256: string;
  readonly subject: string;
  readonly until: string;
}

/** A webhook configuration as the API server has it. */
export interface StatusConfiguration {
  /** `validatingwebhookconfigurations/portcullis`. */
  readonly configuration: string;
  readonly registered: boolean;
  /** What sets it apart from what the rules in force generate. */
  readonly differences: readonly string[];
  /** The CAs that all of its webhooks trust. */
  readonly trusts: readonly StatusCertificate[];
  /** The SHA-256 of those that are to be trusted, and are not. */
  readonly lacks: readonly string[];
  /** Whether API servers trust what is served with; absent where that cannot be told. */
  readonly trustsServing?: boolean;
}

/** All that a status is made of. */
export interface StatusFacts {
  readonly now: Date;
  readonly portcullis: string;
  /** What keeps it from being ready. */
  readonly unready: readonly string[];
  readonly rules: RulesInForce;
  readonly rulesSha256: string;
  readonly certificate:
    | { readonly mode: CertificateMode; readonly served: string; readonly state: CertificateState }
    | undefined;
  readonly cluster:
    | { readonly server: string; readonly kubeVersion: KubeVersion | undefined; readonly live: LiveRegistration }
    | undefined;
  readonly lookups: readonly LookupState[];
  readonly mend: readonly string[];
}

/** Makes the status of these facts. What is secret is not among them, and nothing of a Secret is repeated. */
export function statusOf(facts: StatusFacts): Status {
  const { now, portcullis, unready, rules, rulesSha256, certificate, cluster, lookups, mend } = facts;
  const state = certificate?.state;
  const configurations = configurationsOf(facts);
  const problem = cluster?.live.problem();
  const drift = driftIn(cluster?.live.configurations() ?? []);
  return {
    version: 1,
    time: now.toISOString(),
    portcullis,
    ready: unready.length === 0,
    problems: [
      ...unready,
      ...(state === undefined ? [] : [...state.problems, ...lateProblems(state, now)]),
      ...(problem === undefined ? untrusting(state) : [`what is registered cannot be read: ${problem}`]),
      ...drift,
      ...configurations
        .filter(({ trustsServing }) => trustsServing === false)
        .map(({ configuration }) => `${configuration}: API servers do not trust the certificate that is served with`),
    ],
    rules: {
      sha256: rulesSha256,
      inForce: rules.rules.map(({ rule: { name, phase }, mode }) => ({ name, phase, mode })),
    },
    ...(certificate === undefined ? {} : { certificate: certificateOf(certificate) }),
    authorities: (state?.authorities ?? []).map(({ role, until, ...name }) => ({
      ...named(name),
      role,
      ...(until === undefined ? {} : { trustedUntil: until.toISOString() }),
    })),
    registration: {
      asked: cluster !== undefined,
      configurations,
      ...(problem === undefined ? {} : { problem }),
      mend,
    },
    lookups,
    ...(cluster === undefined ? {} : { apiServer: apiServerOf(cluster) }),
  };
}

function configurationsOf({ cluster, certificate }: StatusFacts): StatusConfiguration[] {
  const wanted = certificate?.state.authorities ?? [];
  return (cluster?.live.configurations() ?? []).map(({ configuration, object, differences }) => {
    const { trusts, trustsServing } = trustedBy(object ?? {}, certificate?.served);
    const isThere = Array.isArray(object?.webhooks) && object.webhooks.length > 0;
    const lacks = isThere ? wanted.filter((one) => trusts.every(({ sha256 }) => sha256 !== one.sha256)) : [];
    return {
      configuration,
      registered: object !== undefined,
      differences,
      trusts: trusts.map(named),
      lacks: lacks.map(({ sha256 }) => sha256),
      ...(trustsServing === undefined ? {} : { trustsServing }),
    };
  });
}

/** Of those without any caBundle nothing else tells: the API server's own roots decide then, and may know the CA. */
function untrusting(state: CertificateState | undefined): string[] {
  return (state?.configurations ?? []).flatMap(({ configuration, problem, advice }) => [
    ...(problem === undefined ? [] : [`${configuration}: the CA cannot be kept in it: ${problem}`]),
    ...(advice === undefined ? [] : [`${configuration}: it lacks a CA: ${advice}`]),
  ]);
}

/** Half of the time that was left at its renewal is over, or, where nobody here renews it, its last day has begun. */
function lateProblems({ leaf: { renewAt, notAfter } }: CertificateState, now: Date): string[] {
  const left = notAfter.getTime() - now.getTime();
  const isLate = left < (renewAt === undefined ? LAST_MS : (notAfter.getTime() - renewAt.getTime()) / 2);
  return isLate && left > 0
    ? [`the serving certificate ends at ${notAfter.toISOString()}, and has no successor yet`]
    : [];
}

const LAST_MS = 86_400_000;

function certificateOf({ mode, state: { leaf } }: NonNullable<StatusFacts['certificate']>): Status['certificate'] & {} {
  const { issuer, renewAt, ...name } = leaf;
  return { mode, ...named(name), issuer, ...(renewAt === undefined ? {} : { renewAt: renewAt.toISOString() }) };
}

function apiServerOf({ server, kubeVersion }: NonNullable<StatusFacts['cluster']>): Status['apiServer'] & {} {
  return { url: server, ...(kubeVersion === undefined ? {} : { kubernetes: versionText(kubeVersion) }) };
}

function named({ sha256, subject, notAfter }: CertificateName): StatusCertificate {
  return { sha256, subject, until: notAfter.toISOString() };
}
