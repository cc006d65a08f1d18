/** Of a value in a message, so many characters at most: a cause is cut at 1,000 (denial.ts), and a value may be megabytes. */
const MOST_SHOWN = 1024;

/**
 * The value as Go's encoding/json writes it into the API server's messages: members in the order of their names, `<`,
 * `>` and `&` escaped. After 1,024 characters it ends in `…`.
 */
export function goJson(value: unknown): string {
  const parts: string[] = [];
  let left = MOST_SHOWN;
  const write = (text: string) => {
    parts.push(text.length > left ? `${text.slice(0, left)}…` : text);
    left -= text.length;
    return left >= 0;
  };
  writeValue(value, write);
  return parts.join('');
}

/** Writes a text, and says whether there is room for more. */
type Write = (text: string) => boolean;

function writeValue(value: unknown, write: Write): boolean {
  if (Array.isArray(value)) return writeAll(value, '[', ']', (element) => writeValue(element, write), write);
  if (typeof value !== 'object' || value === null || isLeaf(value)) return write(goJsonLeaf(value));
  const members = Object.entries(value).filter(([, member]) => member !== undefined && typeof member !== 'function');
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  const writeMember = ([name, member]: [string, unknown]) => {
    return write(`${goJsonLeaf(name)}:`) && writeValue(member, write);
  };
  return writeAll(members, '{', '}', writeMember, write);
}

function writeAll<T>(all: readonly T[], open: string, close: string, each: (one: T) => boolean, write: Write): boolean {
  if (!write(open)) return false;
  for (const [index, one] of all.entries()) {
    if ((index > 0 && !write(',')) || !each(one)) return false;
  }
  return write(close);
}

/** A text, number, boolean or null as Go's encoding/json writes it, however long. */
export function goJsonLeaf(value: unknown): string {
  const text = JSON.stringify(typeof value === 'string' ? value.toWellFormed() : value) ?? 'null';
  return text.replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/**
 * A rule may hand over an object that writes itself, such as a Date; and numbers that a double cannot carry are kept as
 * texts in the platform's own form, which TypeScript does not know yet.
 */
function isLeaf(value: object): boolean {
  if ('toJSON' in value && typeof value.toJSON === 'function') return true;
  return (JSON as unknown as { isRawJSON(value: unknown): boolean }).isRawJSON(value);
}
