/** The members of an object that are texts; whatever the value really is. */
export interface Texts {
  readonly [member: string]: string | undefined;
}

/**
 * Those of the named members that are texts: none where the value is no object. How many others it has costs nothing, since
 * a Website without a schema may have as many as fit into a request.
 */
export function textsOf(value: unknown, names: readonly string[]): Texts {
  if (typeof value !== 'object' || value === null) return {};
  const members = names
    .filter((name) => Object.hasOwn(value, name))
    .map((name) => [name, (value as { readonly [member: string]: unknown })[name]]);
  return Object.fromEntries(members.filter(([, member]) => typeof member === 'string')) as Texts;
}

/** The same, but for those that are the same in `old`. */
export function changedTexts(now: unknown, old: unknown, names: readonly string[]): Texts {
  const before = textsOf(old, names);
  return Object.fromEntries(Object.entries(textsOf(now, names)).filter(([name, text]) => text !== before[name]));
}
