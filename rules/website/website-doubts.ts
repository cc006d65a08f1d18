import { websiteSchema } from './crd.ts';
import { looksLikePage } from './forge-pages.ts';
import { parseGitRepo } from './git-address.ts';
import { isAbbreviatedHash, isHash } from './ref.ts';
import { changedTexts, type Texts, textsOf } from './texts.ts';

const ABBREVIATED = 'spec.ref looks like an abbreviated commit hash, which git-sync cannot fetch: give all its digits';
const PAGE = 'spec.gitRepo looks like a page of a repository: leave out what follows its name, and set spec.ref';
const PORT = 'spec.gitRepo has a number after its host that is no port: with one it is ssh://git@host:port/path';
const NEVER_NEW = 'spec.period does nothing: spec.ref is a whole commit hash, which is never anything new';
const DOUBTED = ['gitRepo', 'ref', 'period'];
const EVERY = websiteSchema.properties.spec.properties.period.default;

/**
 * What the author of a Website without faults probably meant otherwise, or does not expect: a sentence each, that fits
 * into a warning. `old` is there on UPDATE, where only what changed gives cause for doubt.
 */
export function doubtsAbout(spec: unknown, old?: { readonly spec: unknown }): string[] {
  const now = textsOf(spec, DOUBTED);
  const changed = changedTexts(spec, old?.spec, DOUBTED);
  return [
    ...(old === undefined ? [] : moved(changed, secretOf(spec) !== secretOf(old.spec))),
    ...doubtsAboutRepo(changed.gitRepo),
    ...(isAbbreviatedHash(changed.ref ?? '') ? [ABBREVIATED] : []),
    ...(isNeverNew(now) && (changed.ref ?? changed.period) !== undefined ? [NEVER_NEW] : []),
  ];
}

/** What to serve is fixed when a pod is made: in the arguments of its container, and in a volume. */
function moved({ gitRepo, ref }: Texts, isOtherSecret: boolean): string[] {
  const fields = [
    ...(gitRepo === undefined ? [] : ['spec.gitRepo']),
    ...(ref === undefined ? [] : ['spec.ref']),
    ...(isOtherSecret ? ['spec.credentials'] : []),
  ];
  if (fields.length === 0) return [];
  const old = fields.length > 1 ? 'old ones until' : `${OLD[fields[0] ?? '']} until they are`;
  return [`${fields.join(', ')} changed: pods that run keep the ${old} replaced`];
}

const OLD: { readonly [field: string]: string } = {
  'spec.gitRepo': 'old repository',
  'spec.ref': 'old ref',
  'spec.credentials': 'old Secret',
};

function doubtsAboutRepo(gitRepo: string | undefined): string[] {
  const parts = gitRepo === undefined ? '' : parseGitRepo(gitRepo);
  if (typeof parts === 'string') return [];
  const isPort = parts.scheme === 'scp' && /^\d{1,5}\//.test(parts.path);
  return [...(looksLikePage(parts) ? [PAGE] : []), ...(isPort ? [PORT] : [])];
}

/** Whoever asks for a time between fetches expects news. */
function isNeverNew({ ref = '', period = EVERY }: Texts): boolean {
  return isHash(ref) && period !== EVERY;
}

function secretOf(spec: unknown): string | undefined {
  const { credentials } = (spec ?? {}) as { readonly credentials?: unknown };
  return textsOf(credentials, ['secretName']).secretName;
}
