/**
 * A hostname as strfmt's expression has it: letters, digits and symbols of any script, at most 63 bytes a label and 255
 * in all. In a lone label only the second character may be a dash (`x-y`, `x-`, but not `web-1`); the last of several
 * is two letters or more (`a.com`, but not `a.b` or `10.0.0.1`), and none is empty. Letters are Unicode's as this Node
 * knows them, a little newer than the API server's 15.0.
 */
export function isHostname(text: string): boolean {
  if (Buffer.byteLength(text) > 255) return false;
  // The API server has read a lone surrogate as U+FFFD, which is a symbol.
  const labels = text.toWellFormed().split('.');
  if (labels.some((label) => Buffer.byteLength(label) > 63)) return false;
  const last = labels.pop() ?? '';
  if (labels.length === 0) return /^[0-9\p{S}\p{L}]-?[0-9\p{S}\p{L}]*$/u.test(last);
  return /^\p{L}{2,}$/u.test(last) && labels.every((label) => LABEL.test(label));
}

const LABEL = /^[0-9\p{S}\p{L}](?:[0-9\p{S}\p{L}-]*[0-9\p{S}\p{L}])?$/u;
