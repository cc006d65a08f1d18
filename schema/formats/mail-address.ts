import { hasUnknownCharset } from './encoded-word.ts';
import { isIpAddress } from './ip-address.ts';

/**
 * One address as a mail's header may have it (RFC 5322), read as Go's net/mail.ParseAddress does: `a@b`, with a display
 * name (`Barry Gibbs <bg@example.com>`), with comments, or as the only member of a group (`team: a@b;`).
 */
export function isMailAddress(text: string): boolean {
  const address = addressAt(text, 0, true);
  return address?.count === 1 && afterComments(text, address.end) === text.length;
}

/** Below, each function reads something that begins at a place in a text, and says where it ends: FAILED, if it is not there. */
const FAILED = -1;

interface Addresses {
  readonly end: number;
  /** A group may have any number of members. */
  readonly count: number;
}

function addressAt(text: string, start: number, mayBeGroup: boolean): Addresses | undefined {
  const at = afterSpaces(text, start);
  const specification = specificationAt(text, at);
  if (specification !== FAILED) return ending(nameInCommentAt(text, afterSpaces(text, specification)));
  const name = text[at] === '<' ? at : afterSpaces(text, phraseAt(text, at));
  if (text[name] === ':' && mayBeGroup) return groupAt(text, name + 1);
  if (text[name] !== '<') return undefined;
  const end = specificationAt(text, name + 1);
  return text[end] === '>' ? ending(end + 1) : undefined;
}

function ending(end: number): Addresses | undefined {
  return end === FAILED ? undefined : { end, count: 1 };
}

/** The members of a group, behind its colon. */
function groupAt(text: string, start: number): Addresses | undefined {
  let at = afterSpaces(text, start);
  let count = 0;
  while (text[at] !== ';' || count > 0) {
    const member = addressAt(text, at, false);
    if (member === undefined) return undefined;
    count += 1;
    at = afterComments(text, member.end);
    if (text[at] === ';') break;
    if (text[at] !== ',') return undefined;
    at += 1;
  }
  const end = afterComments(text, at + 1);
  return end === FAILED ? undefined : { end, count };
}

/** `local@domain`. */
function specificationAt(text: string, start: number): number {
  const at = afterSpaces(text, start);
  const local = text[at] === '"' ? quotedAt(text, at) : dotAtomAt(text, at);
  if (text[local] !== '@' || text.slice(at, local) === '""') return FAILED;
  const domain = afterSpaces(text, local + 1);
  return text[domain] === '[' ? addressLiteralAt(text, domain) : dotAtomAt(text, domain);
}

/** An IP address in brackets; Go 1.26 does not know the `IPv6:` that RFC 5321 wants before one of version 6. */
function addressLiteralAt(text: string, at: number): number {
  const end = text.indexOf(']', at);
  return end >= 0 && isIpAddress(text.slice(at + 1, end)) ? end + 1 : FAILED;
}

function dotAtomAt(text: string, at: number): number {
  const end = atomAt(text, at);
  return /^\.|\.\.|\.$/.test(text.slice(at, end)) ? FAILED : end;
}

/** The words of a display name, of which one suffices: what does not go on as words is left to the caller. */
function phraseAt(text: string, start: number): number {
  let at = start;
  for (let words = 0; ; words++) {
    if (words > 0) at = afterComments(text, at);
    if (at === FAILED) return FAILED;
    const end = text[at] === '"' ? quotedAt(text, at) : atomAt(text, at);
    if (end === FAILED) return words === 0 ? FAILED : at;
    if (text[at] !== '"' && hasUnknownCharset(text.slice(at, end))) return words === 0 ? FAILED : end;
    at = end;
  }
}

/** A quoted string; a backslash may stand before any character that may stand there, and must before `"` and itself. */
function quotedAt(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '"') return at + 1;
    if (text[at] === '\\') at += 1;
    if (!(isVisible(text, at) || isSpace(text[at]))) return FAILED;
  }
  return FAILED;
}

/** At least one visible character that is none of RFC 5322's specials, of which the dot is taken. */
function atomAt(text: string, start: number): number {
  let at = start;
  while (isVisible(text, at) && !'()<>[]:;@\\,"'.includes(text.charAt(at))) at += 1;
  return at === start ? FAILED : at;
}

/** All beyond ASCII counts as visible. */
function isVisible(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code > 0x20 && code !== 0x7f;
}

/** A comment right behind `local@domain`, if there is one: its words are taken for the display name. */
function nameInCommentAt(text: string, at: number): number {
  if (text[at] !== '(') return at;
  const end = commentAt(text, at);
  if (end === FAILED) return FAILED;
  const words = text
    .slice(at + 1, end - 1)
    .replace(/\\(.)/gs, '$1')
    .split(/[ \t]+/);
  return words.some(hasUnknownCharset) ? FAILED : end;
}

function afterComments(text: string, start: number): number {
  let at = afterSpaces(text, start);
  while (text[at] === '(') at = afterSpaces(text, commentAt(text, at));
  return at;
}

/** Comments hold comments. */
function commentAt(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '(') depth += 1;
    else if (text[at] === ')' && --depth === 0) return at + 1;
  }
  return FAILED;
}

function afterSpaces(text: string, start: number): number {
  let at = start;
  while (isSpace(text[at])) at += 1;
  return at;
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
