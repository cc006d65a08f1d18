/** Go's encoding/json refuses what is nested deeper, so no API server sends it (encoding/json/scanner.go, maxNestingDepth). */
export const MAX_DEPTH = 10_000;

/**
 * Lists and objects in one body. An API server takes requests of 3 MiB (protocol.md §1.2), an empty object and its comma
 * are three bytes, and a review holds two objects at most. Ten times as many fit into 32 MiB, and cost a gigabyte.
 */
export const MAX_CONTAINERS = 2 * 1024 * 1024 + 1024;

/** A smaller body can hold too little of either to do harm, and nearly every review is smaller. */
const HARMLESS = 64 * 1024;

/**
 * What is excessive in a body of JSON, before it is parsed; undefined where nothing is. One pass over the bytes; what
 * is no JSON is left to the parser.
 */
export function excess(body: Uint8Array): string | undefined {
  if (body.length <= HARMLESS) return undefined;
  let depth = 0;
  let containers = 0;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i];
    if (byte === QUOTE) i = endOfString(body, i);
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (++depth > MAX_DEPTH) return `it is nested more than ${MAX_DEPTH} levels deep`;
      if (++containers > MAX_CONTAINERS) return `it holds more than ${MAX_CONTAINERS} lists and objects`;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
  }
  return undefined;
}

function endOfString(body: Uint8Array, start: number): number {
  let i = start + 1;
  while (i < body.length && body[i] !== QUOTE) i += body[i] === BACKSLASH ? 2 : 1;
  return i;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
