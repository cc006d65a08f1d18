import { websiteSchema } from './crd.ts';

/** For a ref that begins with "-"; the CRD's own rule says it too. */
export const OPTION = 'must not begin with "-", which git would take for an option';

const LONGEST = websiteSchema.properties.spec.properties.ref.maxLength;

/**
 * What is wrong with a ref, as a sentence that begins with "must", or undefined: the rules of git-check-ref-format(1)
 * with --allow-onelevel, and what `git fetch`, which git-sync calls without "--", or the kubelet would not take
 * literally (injection.md §1.6).
 */
export function refProblem(ref: string): string | undefined {
  return RULES.find(([isBroken]) => isBroken(ref))?.[1];
}

/** Whether the ref looks like an abbreviated commit hash, which git-sync cannot fetch: it needs all 40 or 64 digits. */
export function isAbbreviatedHash(ref: string): boolean {
  return /^([0-9a-f]{7,39}|[0-9a-f]{41,63})$/i.test(ref);
}

/** Whether the ref looks like a whole commit hash (SHA-1 or SHA-256), which is never anything new. */
export function isHash(ref: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/i.test(ref);
}

/** In code points, as the schema counts. */
function isTooLong(ref: string): boolean {
  return ref.length > LONGEST && (ref.length > 2 * LONGEST || [...ref].length > LONGEST);
}

const RULES: readonly [isBroken: (ref: string) => boolean, sentence: string][] = [
  [(ref) => ref === '', 'must not be empty'],
  [isTooLong, `must not be longer than ${LONGEST} characters`],
  [(ref) => ref.startsWith('-'), OPTION],
  [(ref) => ref.startsWith('+'), 'must not begin with "+", which git would take for a forced update'],
  [(ref) => /[ ~^:?*[\\\p{Cc}]/u.test(ref), 'must not contain a space, a control character or any of ~ ^ : ? * [ \\'],
  [(ref) => ref.includes('..'), 'must not contain ".."'],
  [(ref) => ref.includes('@{') || ref === '@', 'must not be "@" or contain "@{"'],
  [
    (ref) => ref.startsWith('/') || ref.endsWith('/') || ref.includes('//'),
    'must not begin or end with "/", or have "//"',
  ],
  [(ref) => /(^|\/)\./.test(ref) || ref.endsWith('.'), 'must not end with ".", or have a part that begins with "."'],
  [(ref) => /\.lock(\/|$)/.test(ref), 'must not have a part that ends with ".lock"'],
  [(ref) => ref.includes('$('), 'must not contain "$(", which the kubelet would expand'],
];
