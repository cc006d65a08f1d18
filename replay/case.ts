import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseExactly } from '../schema/exact-json.ts';
import type { Kind } from '../webhook/kind.ts';
import { type KubeVersion, kubeVersionIn } from '../webhook/kube-version.ts';
import { caseFiles } from './case-files.ts';
import { type Cluster, clusterOf } from './cluster.ts';
import type { CustomResource } from './custom-resource.ts';
import { madeReview } from './made-review.ts';
import { type RequestFile, requestOf } from './request-file.ts';
import type { ReviewDocument } from './review-document.ts';
import { type FileDocument, FileFault, readDocuments } from './yaml-file.ts';

/** A case folder, read (DESIGN.md §8). */
export interface Case {
  readonly folder: string;
  /** The rule that it is about, by the folder around it. */
  readonly rule: string;
  /** Its name, as a sentence. */
  readonly sentence: string;
  readonly review: ReviewDocument;
  /** Of `review.json` as they are in the file, so that it replays byte for byte. */
  readonly bytes: Buffer;
  /** `validating`: it begins after the mutating webhooks. */
  readonly phase: 'mutating' | 'validating';
  readonly cluster: Cluster;
  /** The API server's version; undefined where the case does not say it. */
  readonly kubeVersion: KubeVersion | undefined;
  /** Undefined where nothing is expected yet. */
  readonly expected: FileDocument | undefined;
}

/** What every case of a run is read with. */
export interface CaseContext {
  /** The kinds that the rules in force are for. */
  readonly kinds: readonly Kind[];
  /** CustomResourceDefinitions that every cluster has, unless a case's has another of that name. */
  readonly crds: readonly CustomResource[];
  /** How people call a path. */
  readonly shown: (path: string) => string;
}

/**
 * Reads a case. Its cluster is what its own `cluster.yaml` holds, then that of the folder of its rule, then the one
 * above. Throws FileFault, naming the file, for what no case has.
 */
export function readCase(folder: string, context: CaseContext): Case {
  const shown = context.shown(folder);
  const files = caseFiles(folder, context.shown);
  const read = (name: string) => one(join(folder, name), context);
  const cluster = clusterOf(
    files.clusters.flatMap((path) => readDocuments(path, context.shown(path))),
    context.crds,
  );
  const request = files.names.includes('request.yaml') ? requestOf(read('request.yaml')) : {};
  const lost = files.review === undefined ? [] : Object.keys(request).filter((member) => !OF_THE_CASE.includes(member));
  if (lost.length > 0) {
    throw new FileFault(
      `${shown}: beside ${files.review}, request.yaml says ${OF_THE_CASE.join(' and ')} alone; ${lost.join(', ')}: the review says it`,
    );
  }
  const { review, bytes } =
    files.review === undefined
      ? made(madeReview({ read, names: files.names, cluster, kinds: context.kinds, shown, request }))
      : givenReview(join(folder, files.review), context);
  return {
    folder,
    rule: basename(dirname(resolve(folder))),
    sentence: basename(resolve(folder)).replaceAll('-', ' '),
    review,
    bytes,
    phase: request.phase ?? (files.review !== undefined && isFromValidating(review) ? 'validating' : 'mutating'),
    cluster,
    kubeVersion: request.kubeVersion === undefined ? undefined : kubeVersionIn(request.kubeVersion),
    expected: files.expected === undefined ? undefined : expectation(read(files.expected)),
  };
}

/** What no review says. */
const OF_THE_CASE: readonly string[] = ['phase', 'kubeVersion'] satisfies (keyof RequestFile)[];

/** A new object has its uid only after the mutating webhooks (protocol.md §1.1). */
function isFromValidating({ request: { operation, object } }: ReviewDocument): boolean {
  return operation === 'CREATE' && object?.metadata !== undefined && Object.hasOwn(object.metadata, 'uid');
}

function expectation(document: FileDocument): FileDocument {
  const { file, value, lineOf } = document;
  if (typeof value === 'object' && !Array.isArray(value)) return document;
  throw new FileFault(`${file}:${lineOf([])}: it must be an object, with a verdict or notCalled`);
}

/** The one document of a file. */
function one(path: string, { shown }: CaseContext): FileDocument {
  const [document, ...more] = readDocuments(path, shown(path));
  if (document === undefined) throw new FileFault(`${shown(path)}: it is empty`);
  if (more.length > 0) throw new FileFault(`${shown(path)}: one document is expected, and it has ${more.length + 1}`);
  return document;
}

function made(review: ReviewDocument): { review: ReviewDocument; bytes: Buffer } {
  return { review, bytes: Buffer.from(JSON.stringify(review)) };
}

function givenReview(path: string, context: CaseContext): { review: ReviewDocument; bytes: Buffer } {
  if (path.endsWith('.yaml')) return made(checked(one(path, context).value, context.shown(path)));
  const bytes = readFileSync(path);
  try {
    return { bytes, review: checked(parseExactly(bytes.toString()), context.shown(path)) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new FileFault(`${context.shown(path)}: it is not JSON: ${error.message}`);
  }
}

/** The engine says what else is wrong with a review; what is looked at here must be there. */
function checked(value: unknown, file: string): ReviewDocument {
  const { request } = (value ?? {}) as { request?: Partial<ReviewDocument['request']> };
  const { resource, kind, operation } = request ?? {};
  const isReview = typeof operation === 'string' && typeof resource === 'object' && typeof kind === 'object';
  if (isReview && resource !== null && kind !== null) return value as ReviewDocument;
  throw new FileFault(
    `${file}: it is no AdmissionReview: request.operation, request.kind and request.resource are needed`,
  );
}
