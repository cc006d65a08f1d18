import { readFileSync } from 'node:fs';
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments, type Tags } from 'yaml';
import { printedAs } from '../schema/exact-json.ts';

/** A document of a YAML or JSON file: its value as kubectl reads it, and where its parts stand. */
export interface FileDocument {
  readonly file: string;
  readonly value: unknown;
  /** The line, from 1, of the value at this path; of the nearest value around it where that is not there. */
  lineOf(path: readonly (string | number)[]): number;
}

/** A file cannot be read, or is no YAML. The message begins with the file and, where it is known, the line. */
export class FileFault extends Error {}

/**
 * Reads the documents of a file as kubectl does (sigs.k8s.io/yaml, that is go-yaml 2): `off` and `yes` are booleans, `0644` is
 * octal, dates are texts; numbers keep their digits. Empty documents are left out. Throws FileFault.
 */
export function readDocuments(file: string, shownAs = file): FileDocument[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new FileFault(
      `${shownAs}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message}`,
    );
  }
  return parseDocuments(text, shownAs);
}

/** The same of a text, which messages call `file`. */
export function parseDocuments(text: string, file: string): FileDocument[] {
  const lines = new LineCounter();
  const options = { version: '1.1', customTags: asGoYaml, intAsBigInt: true, lineCounter: lines } as const;
  const documents = parseAllDocuments(text, { ...options, logLevel: 'error', prettyErrors: false });
  const parsed = Array.isArray(documents) ? (documents as Document.Parsed[]) : [];
  return parsed.flatMap((document) => {
    const [fault] = document.errors;
    if (fault !== undefined) throw new FileFault(`${file}:${lines.linePos(fault.pos[0]).line}: ${fault.message}`);
    const value = plain(read(document, file));
    if (value === null || value === undefined) return [];
    return [{ file, value, lineOf: (path) => lines.linePos(offsetOf(document, path)).line }];
  });
}

/** An alias that repeats itself a million times is found by the library. */
function read(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new FileFault(`${file}: ${(error as Error).message}`);
  }
}

/** Of YAML 1.1 what go-yaml has: no times of day that are numbers, no dates, no sets. */
function asGoYaml(tags: Tags): Tags {
  return tags.filter((tag) => {
    if (typeof tag === 'string')
      return !['timestamp', 'binary', 'omap', 'pairs', 'set', 'intTime', 'floatTime'].includes(tag);
    return tag.format !== 'TIME' && !/:(timestamp|binary|omap|pairs|set)$/.test(tag.tag);
  });
}

/** JSON has no integers of its own: those that a double carries become numbers, the others keep their digits. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : printedAs(`${value}`);
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

function offsetOf(document: Document.Parsed, path: readonly (string | number)[]): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const step of path) {
    if (isSeq(node)) {
      node = node.items[Number(step)];
    } else if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) break;
      offset = isNode(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
      node = pair.value;
      continue;
    } else {
      break;
    }
    offset = isNode(node) ? (node.range?.[0] ?? offset) : offset;
  }
  return offset;
}
