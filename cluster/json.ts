/** What a JSON text says; undefined where it is none. Nobody sees why: Node's message quotes the text, perhaps a Secret's. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
