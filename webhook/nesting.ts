/**
 * How many levels of objects and lists a review may have, and an edited object. What Kubernetes serves stays far below;
 * Go's encoding/json gives up at 10,000. It is a number, and not the stack's end, so that the same review meets the same
 * verdict everywhere: JSON.stringify needs the most stack, and at Node's default runs out of it beyond 4,000.
 */
export const MAX_DEPTH = 1000;

/**
 * Lists and objects in one body. An API server takes requests of 3 MiB (protocol.md §1.2), an empty object and its comma
 * are three bytes, and a review holds two objects at most. Ten times as many fit into 32 MiB, and cost a gigabyte.
 */
export const MAX_CONTAINERS = 2 * 1024 * 1024;

/**
 * Members of objects in one body: of 3 MiB, a member with a name of its own takes eight bytes at least, stands again in
 * managedFields, and all of that again in the old object.
 */
export const MAX_MEMBERS = (4 * 3 * 1024 * 1024) / 8;

/**
 * What is excessive in a body of JSON, before it is parsed; undefined where nothing is. One pass over the bytes; what
 * is no JSON is left to the parser.
 */
export function excess(body: Uint8Array): string | undefined {
  let depth = 0;
  let containers = 0;
  let members = 0;
  for (let i = 0; i < body.length; i++) {
    switch (body[i]) {
      case QUOTE:
        i = endOfString(body, i);
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        containers++;
        if (++depth > MAX_DEPTH) return `it is nested more than ${MAX_DEPTH} levels deep`;
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth--;
        break;
      case COLON:
        members++;
    }
  }
  if (containers > MAX_CONTAINERS) return `it holds more than ${MAX_CONTAINERS} lists and objects`;
  return members > MAX_MEMBERS ? `its objects hold more than ${MAX_MEMBERS} members` : undefined;
}

function endOfString(body: Uint8Array, start: number): number {
  const i = alongString(body, start + 1);
  return body[i] === QUOTE ? i : endOfLongString(body, i);
}

/** To the closing quote, or past so many bytes. */
function alongString(body: Uint8Array, start: number): number {
  let i = start;
  const near = Math.min(start + NEAR, body.length);
  while (i < near && body[i] !== QUOTE) i += body[i] === BACKSLASH ? 2 : 1;
  return i;
}

/** Most texts are short, and then a byte at a time is fast; where one is of megabytes, the platform's own search is. */
function endOfLongString(body: Uint8Array, start: number): number {
  let i = start;
  while (i < body.length) {
    const quote = body.indexOf(QUOTE, i);
    if (quote === -1) break;
    let backslashes = 0;
    while (quote - backslashes > i && body[quote - backslashes - 1] === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return quote;
    i = alongString(body, quote + 1);
    if (body[i] === QUOTE) return i;
  }
  return body.length;
}

const NEAR = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
