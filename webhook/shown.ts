/**
 * A text as people may see it: in a message, a warning, an annotation, the log. Whatever stands before an `@` in a
 * URL is replaced by `***`, since it may be a password, but for `git`, everybody's SSH user; so is the value of a query
 * member whose name sounds like a secret; and texts over `max` characters are cut, since a rule may quote a whole
 * object. Linear in the text's length.
 */
export function shown(text: string, max: number): string {
  return cut(withoutCredentials(text, max), max);
}

/** The same on one line: the API server drops a warning that holds a control character (protocol.md §1.3). */
export function shownOnOneLine(text: string, max: number): string {
  // Addresses first: a control character may stand in the middle of a password.
  const safe = withoutCredentials(text, Number.POSITIVE_INFINITY);
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
 * Beyond `enough` characters nothing is sure, but no word is judged by a part of it: a token may be longer than all
 * that is shown.
 */
function withoutCredentials(text: string, enough: number): string {
  let result = '';
  let rest = 0;
  const addresses = new RegExp(ADDRESS);
  for (let found = addresses.exec(text); found !== null && result.length <= enough; found = addresses.exec(text)) {
    const start = addresses.lastIndex;
    const end = wordEnd(text, start);
    result += text.slice(rest, start) + withoutSecrets(text.slice(start, end), found[0] === '//');
    rest = end;
    addresses.lastIndex = end;
  }
  return result + text.slice(rest);
}

/** What an address begins with, be it written with too few slashes. */
const ADDRESS = /\/\/|\b(?:https?|ssh|ftps?):(?!\/\/)\/?/gi;

/**
 * An address after its scheme. Its password is all up to the last `@` of the word, percent-encoded or not: one that is
 * not escaped may hold `@` and `/` itself. Without the slashes it may be no address, but an image of that name with its
 * digest.
 */
function withoutSecrets(word: string, hasSlashes: boolean): string {
  const last = Math.max(word.lastIndexOf('@'), word.lastIndexOf('%40'));
  if (!hasSlashes && /^sha\d+:/.test(word.slice(last + 1, last + 10))) return word;
  const user = word.slice(0, Math.max(last, 0));
  let result = user === '' || user === 'git' ? user : '***';
  let rest = user.length;
  let end = 0;
  // All of them, those before the `@` too: the last of their values may hold it.
  for (const { 1: name = '', 0: member, index } of word.matchAll(/[?&;#]([^=?&;#]*)=/g)) {
    const start = index + member.length;
    // One that begins within the last value ends with it, and is not looked through again.
    if (start < end || !SOUNDS_SECRET.test(name) || '&;#'.includes(word.charAt(start))) continue;
    end = valueEnd(word, start);
    if (end <= rest) continue;
    result += start < rest ? '' : `${word.slice(rest, start)}***`;
    rest = end;
  }
  return result + word.slice(rest);
}

const SOUNDS_SECRET =
  /token|secret|password|passwd|passphrase|pwd|signature|credential|(?:auth|authorization|key|keyid|pass)$|(?:^|[^a-z])(?:code|jwt|otp|pin|pw|sid|sig)$/i;

function valueEnd(word: string, start: number): number {
  for (let i = start; i < word.length; i++) {
    if ('&;#'.includes(word.charAt(i))) return i;
  }
  return word.length;
}

function wordEnd(text: string, start: number): number {
  for (let i = start; i < text.length; i++) {
    // A quote that is escaped belongs to a quoted text, and so to its word.
    if (' \t\n\r"\'<>`'.includes(text.charAt(i)) && text.charAt(i - 1) !== '\\') return i;
  }
  return text.length;
}
