/** The members of an object that are texts; whatever the value really is. */
export interface Texts {
  readonly [member: string]: string | undefined;
}

/** The members that are texts: none where the value is no object. */
export function textsOf(value: unknown): Texts {
  const members = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(members.filter(([, member]) => typeof member === 'string')) as Texts;
}

/** The same, but for those that are the same in `old`. */
export function changedTexts(now: unknown, old: unknown): Texts {
  const before = new Map(Object.entries(textsOf(old)));
  return Object.fromEntries(Object.entries(textsOf(now)).filter(([name, text]) => text !== before.get(name)));
}
