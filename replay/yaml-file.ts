import { readFileSync } from 'node:fs';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseAllDocuments,
  type ScalarTag,
  type Tags,
  visit,
  type YAMLMap,
} from 'yaml';
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
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new FileFault(
      `${shownAs}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message}`,
    );
  }
  return parseDocuments(utf8(bytes, shownAs), shownAs);
}

function utf8(bytes: Buffer, shownAs: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FileFault(`${shownAs}: it is not UTF-8`);
  }
}

/** The same of a text, which messages call `file`. */
export function parseDocuments(text: string, file: string): FileDocument[] {
  return parseEachDocument(text, file).map((document) => {
    if (document instanceof FileFault) throw document;
    return document;
  });
}

/** The same, where what is wrong with one document hides no other: the fault stands in its place. */
export function parseEachDocument(text: string, file: string): (FileDocument | FileFault)[] {
  const lines = new LineCounter();
  const options = { ...GO_YAML, intAsBigInt: true, lineCounter: lines } as const;
  const documents = parseAllDocuments(text, { ...options, logLevel: 'error', prettyErrors: false });
  const parsed = Array.isArray(documents) ? (documents as Document.Parsed[]) : [];
  return parsed.flatMap((document): (FileDocument | FileFault)[] => {
    const lineAt = (offset: number) => lines.linePos(offset).line;
    const fault = faultOf(document);
    if (fault !== undefined) return [new FileFault(`${file}:${lineAt(fault.offset)}: ${fault.reason}`)];
    try {
      const value = plain(read(document, file), file);
      if (value === null || value === undefined) return [];
      return [{ file, value, lineOf: (path) => lineAt(offsetOf(document, path)) }];
    } catch (error) {
      if (error instanceof FileFault) return [error];
      throw error;
    }
  });
}

/** What keeps a document from being read: it is no YAML, or a map has a key that no object of JSON can have. */
function faultOf(document: Document.Parsed): { offset: number; reason: string } | undefined {
  const [error] = document.errors;
  if (error !== undefined) {
    const reason = /call stack/.test(error.message) ? 'it is nested too deeply' : error.message;
    return { offset: error.pos[0], reason };
  }
  let found: { offset: number; reason: string } | undefined;
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) || isAlias(key) || !isNode(key)) return undefined;
      found = { offset: key.range?.[0] ?? 0, reason: 'the key of a map is a text, and here it is a map or a list' };
      return visit.BREAK;
    },
  });
  return found;
}

/** An alias that repeats itself a million times is found by the library. */
function read(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new FileFault(`${file}: ${(error as Error).message}`);
  }
}

/** How kubectl takes YAML; a writer that is told so puts into quotes what would be taken for something else. */
export const GO_YAML = { version: '1.1', customTags: asGoYaml } as const;

/** Of YAML 1.1 what go-yaml has, no dates, no sets; and octal numbers as Go writes them besides. */
function asGoYaml(tags: Tags): Tags {
  const own = tags.filter((tag) => {
    if (typeof tag === 'string')
      return !['timestamp', 'binary', 'omap', 'pairs', 'set', 'intTime', 'floatTime'].includes(tag);
    return tag.format !== 'TIME' && !/:(timestamp|binary|omap|pairs|set)$/.test(tag.tag);
  });
  return [GO_OCTAL, ...own];
}

const GO_OCTAL: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  identify: () => false,
  test: /^[-+]?0[oO][0-7_]+$/,
  resolve: (text) => BigInt(text.replace(/^[-+]|_/g, '').toLowerCase()) * (text.startsWith('-') ? -1n : 1n),
};

/** Go keeps integers up to here; beyond they are floats. */
const MAX_UINT64 = 2n ** 64n - 1n;

/** JSON has no integers of its own: those that a double carries become numbers, the others keep their digits. */
function plain(value: unknown, file: string, around: readonly unknown[] = []): unknown {
  if (typeof value === 'bigint') {
    const isExact = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
    return isExact || value > MAX_UINT64 ? Number(value) : printedAs(`${value}`);
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new FileFault(`${file}: ${value} is a number that JSON does not have`);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (around.includes(value)) throw new FileFault(`${file}: an anchor holds an alias of itself`);
  if (around.length > MAX_DEPTH) throw new FileFault(`${file}: it is nested deeper than ${MAX_DEPTH} levels`);
  const below = [...around, value];
  if (Array.isArray(value)) return value.map((element) => plain(element, file, below));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member, file, below)]));
}

/** What an API server reads of YAML or JSON (json-iterator and go-yaml stop at ten thousand) is never so deep. */
const MAX_DEPTH = 1_000;

function offsetOf(document: Document.Parsed, path: readonly (string | number)[]): number {
  let node = resolved(document, document.contents);
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const step of path) {
    if (isSeq(node)) {
      node = resolved(document, node.items[Number(step)]);
    } else if (isMap(node)) {
      const pair = pairOf(document, node, String(step));
      if (pair === undefined) break;
      offset = isNode(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
      node = resolved(document, pair.value);
      continue;
    } else {
      break;
    }
    offset = isNode(node) ? (node.range?.[0] ?? offset) : offset;
  }
  return offset;
}

/** What an alias stands for is where its anchor is. */
function resolved(document: Document.Parsed, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

/** A map's own member; or that of a map which is merged into it (`<<`), where it has none of that name. */
function pairOf(document: Document.Parsed, map: YAMLMap, name: string): Pair | undefined {
  const own = map.items.find(({ key }) => isScalar(key) && String(key.value) === name);
  if (own !== undefined) return own;
  const merged = resolved(document, map.items.find(isMerge)?.value);
  const sources = isSeq(merged) ? merged.items.map((item) => resolved(document, item)) : [merged];
  return sources.flatMap((source) => (isMap(source) ? [pairOf(document, source, name)] : [])).find((pair) => pair);
}

function isMerge({ key }: Pair): boolean {
  return isScalar(key) && typeof key.value === 'symbol';
}
