import { builtInRules } from '../../rules/index.ts';
import { LABEL } from '../../webhook/routing-faults.ts';
import { UsageError } from '../usage.ts';

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Holds the name of a new rule to what a rule, its file, its folder of cases and a webhook can be called: kebab-case, a DNS
 * label, no built-in rule's. Throws UsageError that says what would be right.
 */
export function checkRuleName(name: string | undefined): string {
  if (name === undefined) {
    throw new UsageError('the new rule needs a name: portcullis new rule NAME, such as no-latest-image');
  }
  if (!isRight(name)) {
    const meant = kebab(name);
    const instead = isRight(meant) && !isBuiltIn(meant) ? meant : 'no-latest-image';
    const form = 'lower-case words with "-" between them, 63 characters at most';
    throw new UsageError(`"${name}" is no name for a rule: ${form}, like ${instead}`);
  }
  if (isBuiltIn(name)) throw new UsageError(`${name} is a built-in rule; choose another name, such as our-${name}`);
  return name;
}

function isRight(name: string): boolean {
  return KEBAB.test(name) && LABEL.test(name);
}

function isBuiltIn(name: string): boolean {
  return builtInRules.some((rule) => rule.name === name);
}

/** NoLatest, no_latest and no-latest.ts are meant to be no-latest. */
function kebab(name: string): string {
  return name
    .replace(/\.[cm]?[tj]s$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '');
}

/** What the rule's file exports: the name in camelCase, out of the way of JavaScript's words and of what the file imports. */
export function exportName(name: string, imported: readonly string[]): string {
  const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  // JavaScript has no word of two, and reserves many of one.
  return name.includes('-') && !imported.includes(camel) ? camel : `${camel}Rule`;
}
