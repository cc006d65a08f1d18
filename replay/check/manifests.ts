import { type KubeObject, kubeObject } from '../cluster.ts';
import { type FileDocument, FileFault, parseEachDocument } from '../yaml-file.ts';
import type { Source } from './manifest-files.ts';

/** An object as somebody wrote it, and where its parts stand. */
export interface Manifest {
  readonly file: string;
  readonly object: KubeObject;
  /** The line, from 1, of the value at this path of the object, or of the nearest one around it. */
  lineOf(path: readonly (string | number)[]): number;
}

/** What could not be read. `line` is left out where none is known. */
export interface Unread {
  readonly file: string;
  readonly line?: number;
  readonly reason: string;
}

/** Reads the objects of a text, those in lists one by one. What is no object is told, and hides no other. */
export function manifestsIn({ file, text }: Source): { manifests: Manifest[]; unread: Unread[] } {
  const manifests: Manifest[] = [];
  const unread: Unread[] = [];
  const attempt = (document: FileDocument) => {
    for (const one of listed(document)) {
      try {
        manifests.push({ file, object: kubeObject(one), lineOf: one.lineOf });
      } catch (error) {
        if (!(error instanceof FileFault)) throw error;
        unread.push(unreadOf(file, error.message));
      }
    }
  };
  for (const document of parseEachDocument(text, file)) {
    if (!(document instanceof FileFault)) attempt(document);
    else unread.push(withHint(unreadOf(file, document.message), text));
  }
  return { manifests, unread };
}

/** What is broken is most often what a chart has in its folder, rather than what comes of it. */
function withHint({ file, line = 1, reason }: Unread, text: string): Unread {
  const lines = text.split('\n');
  const begin = lines.lastIndexOf('---', line - 1) + 1;
  const end = lines.indexOf('---', line);
  const isTemplate = lines.slice(begin, end < 0 ? undefined : end).some((each) => each.includes('{{'));
  const hint = '; {{ }} is for templates: check what comes of this one, as in helm template … | portcullis check -';
  return { file, line, reason: isTemplate ? reason + hint : reason };
}

/** A FileFault's message begins with the file, and with the line where there is one. */
function unreadOf(file: string, message: string): Unread {
  const [, line, reason = message] = /^(?::(\d+))?: (.*)$/s.exec(message.slice(file.length)) ?? [];
  return { file, ...(line === undefined ? {} : { line: Number(line) }), reason };
}

/** Whatever has `items` is a list to kubectl; those of a PodList need not say that they are Pods. */
function listed(document: FileDocument): FileDocument[] {
  const { kind, apiVersion, items } = (document.value ?? {}) as { [member: string]: unknown };
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) return [document];
  const ofKind = kind === 'List' ? {} : { apiVersion, kind: kind.slice(0, -'List'.length) };
  return items.flatMap((item: unknown, at) =>
    listed({
      file: document.file,
      value: typeof item === 'object' && item !== null ? { ...ofKind, ...item } : item,
      lineOf: (path) => document.lineOf(['items', at, ...path]),
    }),
  );
}

/** How people call an object: `Deployment/web`; one that is still to be named by its prefix. */
export function called({ kind, metadata }: KubeObject): string {
  const { name, generateName } = metadata as { name?: unknown; generateName?: unknown };
  return `${kind}/${name ?? (generateName === undefined ? '' : `${generateName}*`)}`;
}
