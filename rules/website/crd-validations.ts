import type { websiteSchema } from './crd.ts';
import { REMOTE_HELPER, OPTION as REPO_OPTION } from './git-address.ts';
import { TOO_LONG, TOO_SHORT } from './period.ts';
import { OPTION as REF_OPTION } from './ref.ts';

/**
 * The CRD's `x-kubernetes-validations`, by the field of `spec` that they stand on: what would be dangerous, if it were
 * stored while nobody asks the webhook, and what the webhook refuses in the same sentences. Each rule looks at its own
 * field alone, so that an API server ratchets it with the field, and evaluates any text without an error, which would
 * not be ratcheted (apiextensions-apiserver, schema/cel/validation.go). The value is never repeated.
 */
export const websiteValidations = {
  gitRepo: [
    { rule: "!self.matches('^(ssh://)?([^/@]*@)?-')", message: REPO_OPTION },
    { rule: "!self.matches('^[A-Za-z0-9+.][A-Za-z0-9+.-]*::|^::')", message: REMOTE_HELPER },
  ],
  ref: [{ rule: "!self.startsWith('-')", message: REF_OPTION }],
  period: [
    { rule: periodRule(">= duration('10s')"), message: TOO_SHORT },
    { rule: periodRule("<= duration('24h')"), message: TOO_LONG },
  ],
} as const satisfies { readonly [field in keyof Fields]?: readonly { rule: string; message: string }[] };

type Fields = typeof websiteSchema.properties.spec.properties;

/**
 * Of durations as people write them. Others are left to the webhook, because duration() fails for what is none and for
 * what has no room in 63 bits of nanoseconds: numbers of six digits, in 20 characters, always have.
 */
function periodRule(comparison: string): string {
  return `size(self) > 20 || !self.matches('^[-+]?([0-9]{1,6}([.][0-9]+)?(h|m|s|ms|us|ns))+$') || duration(self) ${comparison}`;
}
