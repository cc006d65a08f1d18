import { allow, deny, type FieldError, invalid, validatingRule } from '../../author.ts';
import { allowedHosts } from './allowed-hosts.ts';
import { gitRepoProblem, withoutCredentials, withoutPastedCredentials } from './git-repo.ts';
import { periodProblem } from './period.ts';
import { isAbbreviatedHash, refProblem } from './ref.ts';
import { Website } from './website.ts';
import { generateNameProblem, nameProblem } from './website-name.ts';

const SHOWN = 256;
const MOVED = 'spec.gitRepo changed: pods that run keep the old repository until they are replaced';
const ABBREVIATED = 'spec.ref looks like an abbreviated commit hash, which git-sync cannot fetch: give all its digits';

/**
 * A website is served straight from its repository, so it is fetched over TLS or SSH, from a host that we know, and
 * no part of its address, ref or period is anything but what it seems. On UPDATE a field that did not change does not
 * block. Values of the wrong type are left to `website-schema`.
 */
export const websiteSource = validatingRule({
  name: 'website-source',
  kind: Website,
  operations: ['CREATE', 'UPDATE'],
  settings: { type: 'object', properties: { allowedHosts } },
  validate(website, { oldObject, settings }) {
    const { gitRepo, ref, period } = changedTexts(website.spec, oldObject?.spec);
    const problems = [
      ...nameProblems(website.metadata, oldObject?.metadata),
      ...fieldProblem('spec.gitRepo', gitRepo, (repo) => gitRepoProblem(repo, settings.allowedHosts)),
      ...fieldProblem('spec.ref', ref, refProblem),
      ...fieldProblem('spec.period', period, periodProblem),
    ];
    const [first, ...others] = problems;
    if (first !== undefined) deny(first, ...others);
    const isMoved = oldObject !== undefined && gitRepo !== undefined;
    return allow(...(isMoved ? [MOVED] : []), ...(isAbbreviatedHash(ref ?? '') ? [ABBREVIATED] : []));
  },
});

function fieldProblem(field: string, text: string | undefined, check: (text: string) => string | undefined) {
  const problem = text === undefined ? undefined : check(text);
  return problem === undefined ? [] : [invalid(field, shown(field, text ?? ''), problem)];
}

function shown(field: string, text: string): string {
  const safe = field === 'spec.gitRepo' ? withoutCredentials(text) : withoutPastedCredentials(text);
  return safe.length > SHOWN ? `${safe.slice(0, SHOWN)}…` : safe;
}

/** In the validating phase a generated name is there already; what its user can mend is the prefix. */
function nameProblems(metadata: unknown, oldMetadata: unknown): FieldError[] {
  const { name, generateName } = changedTexts(metadata, oldMetadata);
  if (generateName !== undefined && (name === undefined || isGenerated(name, generateName))) {
    return fieldProblem('metadata.generateName', generateName, generateNameProblem);
  }
  return fieldProblem('metadata.name', name, nameProblem);
}

/** The API server cuts a prefix to 58 characters and adds five (apiserver, storage/names/generate.go). */
function isGenerated(name: string, generateName: string): boolean {
  const prefix = generateName.slice(0, 58);
  return name.length === prefix.length + 5 && name.startsWith(prefix);
}

/** The members that are texts, but for those that are the same in `old`; whatever the two really are. */
function changedTexts(now: unknown, old: unknown): { readonly [member: string]: string | undefined } {
  const before = new Map(membersOf(old));
  const texts = membersOf(now).filter((member): member is [string, string] => typeof member[1] === 'string');
  return Object.fromEntries(texts.filter(([name, text]) => text !== before.get(name)));
}

function membersOf(value: unknown): [name: string, value: unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
