/**
 * A text as people may see it: in a message, a warning, an annotation, the log. Whatever stands before an `@` in a
 * URL is replaced by `***`, since it may be a password, but for `git`, everybody's SSH user; and texts over `max`
 * characters are cut, since a rule may quote a whole object. Linear in the text's length.
 */
export function shown(text: string, max: number): string {
  return cut(withoutUserinfo(cut(text, max * 4)), max);
}

/** The same on one line: the API server drops a warning that holds a control character (protocol.md §1.3). */
export function shownOnOneLine(text: string, max: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return shown(text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim(), max);
}

function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  // Never between the halves of a surrogate pair.
  return `${text
    .slice(0, max - 1)
    .toWellFormed()
    .replace(/\ufffd$/, '')}…`;
}

/** Up to the last `@` of the word: a password that is not escaped may hold `@` and `/` itself. */
function withoutUserinfo(text: string): string {
  let result = '';
  let rest = 0;
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', rest)) {
    const start = at + 3;
    const end = wordEnd(text, start);
    const last = text.lastIndexOf('@', end - 1);
    result += text.slice(rest, start);
    rest = start;
    if (last >= start) {
      result += text.slice(start, last) === 'git' ? 'git' : '***';
      rest = last;
    }
    result += text.slice(rest, end);
    rest = end;
  }
  return result + text.slice(rest);
}

function wordEnd(text: string, start: number): number {
  for (let i = start; i < text.length; i++) {
    if (' \t\n\r"\'<>`'.includes(text.charAt(i))) return i;
  }
  return text.length;
}
