import { allow, deny, type FieldError, invalid, validatingRule } from '../../author.ts';
import { gitRepoProblem, withoutCredentials, withoutPastedCredentials } from './git-repo.ts';
import { hostSettings } from './host-settings.ts';
import { periodProblem } from './period.ts';
import { periodSettings } from './period-settings.ts';
import { refProblem } from './ref.ts';
import { submoduleSettings, submodulesProblem } from './submodules.ts';
import { changedTexts, textsOf } from './texts.ts';
import { Website } from './website.ts';
import { doubtsAbout } from './website-doubts.ts';
import { generateNameProblem, nameProblem } from './website-name.ts';

const SHOWN = 256;
const FIELDS = ['gitRepo', 'ref', 'period', 'submodules'];

/**
 * A website is served straight from its repository, so it is fetched over TLS or SSH, from a host that we know, and
 * no part of its address, ref or period is anything but what it seems. On UPDATE a field that did not change does not
 * block. Values of the wrong type are left to `website-schema`.
 */
export const websiteSource = validatingRule({
  name: 'website-source',
  kind: Website,
  operations: ['CREATE', 'UPDATE'],
  settings: { type: 'object', properties: { ...hostSettings, ...submoduleSettings, ...periodSettings } },
  validate(website, { oldObject, settings }) {
    const { gitRepo, ref, period, submodules } = changedTexts(website.spec, oldObject?.spec, FIELDS);
    const problems = [
      ...nameProblems(website.metadata, oldObject?.metadata),
      ...fieldProblem('spec.gitRepo', gitRepo, (repo) => gitRepoProblem(repo, settings)),
      ...fieldProblem('spec.ref', ref, refProblem),
      ...fieldProblem('spec.period', period, (text) => periodProblem(text, settings)),
      ...fieldProblem('spec.submodules', submodules, (asked) => submodulesProblem(asked, settings)),
    ];
    const [first, ...others] = problems;
    if (first !== undefined) deny(first, ...others);
    return allow(...doubtsAbout(website.spec, oldObject));
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

/**
 * In the validating phase a generated name is there already; what its user can mend is the prefix, if that is wrong. A
 * prefix beside a name that somebody gave does nothing, and neither does one that is given when the name is there.
 */
function nameProblems(metadata: unknown, oldMetadata: unknown): FieldError[] {
  const { name, generateName } = textsOf(metadata, ['name', 'generateName']);
  if (name !== undefined && name === textsOf(oldMetadata, ['name']).name) return [];
  const problem = fieldProblem('metadata.name', name, nameProblem);
  if (generateName === undefined || (name !== undefined && !isGenerated(name, generateName))) return problem;
  const prefixProblem = fieldProblem('metadata.generateName', generateName, generateNameProblem);
  return prefixProblem.length > 0 ? prefixProblem : problem;
}

/** The API server cuts a prefix to 58 characters and adds five (apiserver, storage/names/generate.go). */
function isGenerated(name: string, generateName: string): boolean {
  const prefix = generateName.slice(0, 58);
  return name.length === prefix.length + 5 && name.startsWith(prefix);
}
