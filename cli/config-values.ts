// The words that settings are made of, whether a file, a variable or a flag says them.

/** From which of pino's levels on the log tells. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where the serving certificate comes from (DESIGN.md §7). */
export const CERTIFICATE_MODES = ['dev', 'files', 'self'] as const;
export type CertificateMode = (typeof CERTIFICATE_MODES)[number];

/** Who puts the CA of mode `self` into the webhook configurations: the replicas, or somebody else. */
export const REGISTRATION = ['bundle', 'none'] as const;
export type Registration = (typeof REGISTRATION)[number];

/** Whether an API server may be asked; `auto`: where a rule in force looks something up, or the certificate's mode needs it. */
export const ACCESS = ['auto', 'none'] as const;
export type Access = (typeof ACCESS)[number];

/** What becomes of a rule's decision (DESIGN.md §3); one that is `off` decides nothing. */
export const RULE_MODES = ['enforce', 'warn', 'audit', 'off'] as const;
export type RuleMode = (typeof RULE_MODES)[number];

/** Which rules run in processes of their own (DESIGN.md §10); `loaded`: those that are not built in. */
export const ISOLATIONS = ['loaded', 'all', 'none'] as const;
export type IsolationMode = (typeof ISOLATIONS)[number];

/** The pattern of a DNS label, such as the name of a namespace (apimachinery's validation.IsDNS1123Label). */
export const DNS_LABEL = '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$';
