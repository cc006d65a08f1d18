/**
 * A text as people may see it: in a message, a warning, an annotation, the log. Whatever stands before an `@` in a
 * URL is replaced by `***`, since it may be a password, but for `git`, everybody's SSH user; and texts over `max`
 * characters are cut, since a rule may quote a whole object. Linear in the text's length.
 */
export function shown(text: string, max: number): string {
  return cut(withoutUserinfo(text, max), max);
}

/** The same on one line: the API server drops a warning that holds a control character (protocol.md §1.3). */
export function shownOnOneLine(text: string, max: number): string {
  // Addresses first: a control character may stand in the middle of a password.
  const safe = withoutUserinfo(text, Number.POSITIVE_INFINITY);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return cut(safe.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim(), max);
}

function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  // Never between the halves of a surrogate pair.
  return `${text
    .slice(0, max - 1)
    .toWellFormed()
    .replace(/\ufffd$/, '')}…`;
}

/**
 * Up to the last `@` of the word: a password that is not escaped may hold `@` and `/` itself. Beyond `enough` characters
 * nothing is sure, but no word is judged by a part of it: a token may be longer than all that is shown.
 */
function withoutUserinfo(text: string, enough: number): string {
  let result = '';
  let rest = 0;
  for (let at = text.indexOf('://'); at !== -1 && result.length <= enough; at = text.indexOf('://', rest)) {
    const start = at + 3;
    const end = wordEnd(text, start);
    const word = text.slice(start, end);
    const last = word.lastIndexOf('@');
    result += text.slice(rest, start);
    if (last !== -1) result += word.slice(0, last) === 'git' ? 'git' : '***';
    result += word.slice(Math.max(last, 0));
    rest = end;
  }
  return result + text.slice(rest);
}

function wordEnd(text: string, start: number): number {
  for (let i = start; i < text.length; i++) {
    // A quote that is escaped belongs to a quoted text, and so to its word.
    if (' \t\n\r"\'<>`'.includes(text.charAt(i)) && text.charAt(i - 1) !== '\\') return i;
  }
  return text.length;
}
