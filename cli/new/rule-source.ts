import { exportName } from './rule-name.ts';
import { type Subject, wordsOf } from './subject.ts';

/** The file of a new rule, for its author to change: whole, passing, and small enough to be read at once. */
export function ruleSource(name: string, phase: 'mutating' | 'validating', subject: Subject): string {
  return phase === 'mutating' ? mutating(name, subject) : validating(name, subject);
}

function validating(name: string, subject: Subject): string {
  const used = ['allow', 'deny', 'required', 'validatingRule'];
  const object = parameter(subject);
  return `${head(used, subject)}/**
 * ${WHY}
 * For now: every ${subject.kind.kind} says by a label whose it is.
 */
export const ${exportName(name, imported(used, subject))} = validatingRule({
  name: '${name}',
  kind: ${subject.kind.kind},
  operations: ['CREATE', 'UPDATE'],
  validate(${object}, { oldObject }) {
    if (${object}.metadata.labels?.team) return allow();
    // What was there before the rule is warned of: its users could not change anything in it otherwise.
    if (oldObject && !oldObject.metadata.labels?.team) return allow('the label "team" is missing');
    deny(required('metadata.labels[team]', 'say whose it is'));
  },
});
`;
}

function mutating(name: string, subject: Subject): string {
  const used = ['mutatingRule', 'skip'];
  const object = parameter(subject);
  return `${head(used, subject)}/**
 * ${WHY}
 * For now: every ${subject.kind.kind} without the label "team" gets one that says so.
 */
export const ${exportName(name, imported(used, subject))} = mutatingRule({
  name: '${name}',
  kind: ${subject.kind.kind},
  operations: ['CREATE'],
  mutate(${object}) {
    if (${object}.metadata.labels?.team) skip('has_team', 'it says whose it is');
    ${object}.metadata.labels ??= {};
    ${object}.metadata.labels.team = 'unassigned';
  },
});
`;
}

const WHY = 'Say here what the rule is for, and why: whoever meets it wants to know.';

/** Imports, and the kind where it is none of those that can be imported. */
function head(used: readonly string[], subject: Subject): string {
  const names = imported(used, subject).sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return `import { ${names.join(', ')} } from 'portcullis';\n\n${subject.isImported ? '' : declared(subject)}`;
}

function imported(used: readonly string[], { kind, isImported }: Subject): string[] {
  return [...used, isImported ? kind.kind : 'kind'];
}

function declared({ kind, isGuessed }: Subject): string {
  const { group, version, resource, scope } = kind;
  const token = { group, version, kind: kind.kind, resource, scope };
  const members = Object.entries(token).map(([member, value]) => `  ${member}: '${value}',\n`);
  const guess = isGuessed ? ' "resource" and "scope" are guessed: kubectl api-resources tells them.' : '';
  return `/** Add the fields that the rule looks at.${guess} */
const ${kind.kind} = kind<{ spec?: { [field: string]: unknown } }>({
${members.join('')}});

`;
}

function parameter({ kind, isImported }: Subject): string {
  return isImported ? wordsOf(kind).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()) : 'object';
}
