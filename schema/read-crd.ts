import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LineCounter, parseAllDocuments, type Tags } from 'yaml';
import { asMember } from './values.ts';

/**
 * The CustomResourceDefinition in a file of YAML or JSON, whatever version it is of. Throws an Error that names the file
 * where there is none to read, the text is no YAML, or there is not exactly one.
 */
export function readCrd(url: URL): unknown {
  const file = fileOf(url);
  const lines = new LineCounter();
  const how = { version: '1.1', customTags: kubectlTags, lineCounter: lines, prettyErrors: false } as const;
  const crds = parseAllDocuments(textOf(file), how)
    .map((document): unknown => {
      const [error] = document.errors;
      if (error !== undefined) throw notYaml(`${file}:${lines.linePos(error.pos[0]).line}`, error);
      try {
        return document.toJS();
      } catch (error) {
        throw notYaml(file, error as Error);
      }
    })
    .filter((read) => asMember(read, 'kind') === 'CustomResourceDefinition');
  if (crds.length === 1) return withoutCycle(crds[0], file);
  throw new Error(`${file}: it must hold one CustomResourceDefinition, and holds ${crds.length || 'none'}`);
}

/** The path of a file's URL. Throws an Error for any other URL. */
export function fileOf(url: URL): string {
  if (url.protocol !== 'file:') throw new Error(`a CRD is not read from ${url.protocol}: ${LIKE_THIS}`);
  return fileURLToPath(url);
}

/** How a file of a CRD is named, for messages. */
export const LIKE_THIS = "name a file beside the rule, like new URL('book.crd.yaml', import.meta.url)";

function withoutCycle(crd: unknown, file: string): unknown {
  try {
    JSON.stringify(crd);
    return crd;
  } catch {
    throw new Error(`${file}: this is not YAML as kubectl reads it: an anchor is within itself`);
  }
}

function notYaml(where: string, { message }: Error): Error {
  return new Error(`${where}: this is not YAML: ${message}`);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`${file}: ${code === 'ENOENT' ? 'there is no such file' : `it cannot be read: ${code}`}`);
  }
}

/** kubectl reads YAML 1.1 (`off` is false), but for times and numbers to the base of 60, which stay texts. */
function kubectlTags(tags: Tags): Tags {
  return tags.filter((tag) => typeof tag === 'string' || !(tag.tag.endsWith(':timestamp') || tag.format === 'TIME'));
}
