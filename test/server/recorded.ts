import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kind } from '../../author.ts';

/** A review as a real API server sent it. */
export interface Recorded {
  /** `kube-1.36/019-mutating-create-pods-p`. */
  readonly name: string;
  readonly bytes: Buffer;
  readonly request: RecordedRequest;
}

interface RecordedRequest {
  readonly uid: string;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string };
  readonly subResource?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly object: Tree | null;
  readonly oldObject: Tree | null;
}

/** A JSON object, whatever is in it. */
// biome-ignore lint/suspicious/noExplicitAny: tests reach into objects of any kind
export type Tree = { [member: string]: any };

/** All of test/reviews/, in order. */
export function recordedReviews(): readonly Recorded[] {
  return all;
}

const all = read();

function read(): Recorded[] {
  const folder = join(import.meta.dirname, '../reviews');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => {
    const bytes = readFileSync(join(folder, file));
    const { request } = JSON.parse(bytes.toString('utf8')) as { request: RecordedRequest };
    return { name: file.replace(/\.json$/, ''), bytes, request };
  });
}

/** The one whose name ends so. */
export function recordedReview(end: string): Recorded {
  const found = recordedReviews().filter(({ name }) => name.endsWith(end));
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} recorded reviews end with ${end}`);
  return only;
}

/** The kinds of all recorded objects, each once. */
export function recordedKinds(): Kind<Tree>[] {
  const kinds = new Map<string, Kind<Tree>>();
  for (const { request } of recordedReviews()) {
    const { kind, resource, subResource } = request;
    const plural = subResource === undefined ? resource.resource : `${resource.resource}/${subResource}`;
    const scope = kind.kind === 'Namespace' ? 'Cluster' : 'Namespaced';
    kinds.set(`${resource.group} ${plural}`, { ...resource, resource: plural, kind: kind.kind, scope });
  }
  return [...kinds.values()];
}
