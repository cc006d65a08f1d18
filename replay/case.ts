import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseExactly } from '../schema/exact-json.ts';
import type { Kind } from '../webhook/kind.ts';
import { type Cluster, clusterOf } from './cluster.ts';
import type { CustomResource } from './custom-resource.ts';
import { madeReview } from './made-review.ts';
import { requestOf } from './request-file.ts';
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

const INPUT = ['review.json', 'review.yaml', 'object.yaml', 'oldObject.yaml'];
const EXPECTED = ['expected.yaml', 'expected.json'];
const FILES = [...INPUT, 'request.yaml', 'cluster.yaml', ...EXPECTED];

/** Whether a folder is a case: it holds a review or an object, or what was expected of one. */
export function isCase(names: readonly string[]): boolean {
  return names.some((name) => INPUT.includes(name) || EXPECTED.includes(name));
}

/**
 * Reads a case. Its cluster is what its own `cluster.yaml` holds, then that of the folder of its rule, then the one
 * above. Throws FileFault, naming the file, for what no case has.
 */
export function readCase(folder: string, context: CaseContext): Case {
  const shown = context.shown(folder);
  const names = filesOf(folder, shown);
  const strays = names.filter((name) => !FILES.includes(name));
  if (strays.length > 0)
    throw new FileFault(`${shown}: no case has ${strays.join(', ')}; a case has ${FILES.join(', ')}`);
  const given = INPUT.filter((name) => names.includes(name));
  if (given.length === 0) throw new FileFault(`${shown}: a case needs one of ${INPUT.join(', ')}`);
  const reviews = given.filter((name) => name.startsWith('review.'));
  if (reviews.length > 0 && given.length > 1) {
    throw new FileFault(`${shown}: a case has ${reviews[0]}, or manifests, not both: ${given.join(', ')}`);
  }
  const expectations = EXPECTED.filter((name) => names.includes(name));
  if (expectations.length > 1) throw new FileFault(`${shown}: a case has one of ${EXPECTED.join(', ')}, not both`);
  const read = (name: string) => one(join(folder, name), context);
  const around = [folder, join(folder, '..'), join(folder, '..', '..')];
  const clusterFiles = around.map((path) => join(path, 'cluster.yaml')).filter((path) => existsSync(path));
  const cluster = clusterOf(
    clusterFiles.flatMap((path) => readDocuments(path, context.shown(path))),
    context.crds,
  );
  const request = names.includes('request.yaml') ? requestOf(read('request.yaml')) : {};
  const lost = reviews.length === 0 ? [] : Object.keys(request).filter((member) => member !== 'phase');
  if (lost.length > 0) {
    throw new FileFault(
      `${shown}: beside ${reviews[0]}, request.yaml says the phase alone; ${lost.join(', ')}: the review says it`,
    );
  }
  const { review, bytes } =
    reviews[0] === undefined
      ? made(madeReview({ read, names, cluster, kinds: context.kinds, shown, request }))
      : givenReview(join(folder, reviews[0]), context);
  return {
    folder,
    rule: basename(dirname(resolve(folder))),
    sentence: basename(resolve(folder)).replaceAll('-', ' '),
    review,
    bytes,
    phase: request.phase ?? (reviews.length > 0 && isFromValidating(review) ? 'validating' : 'mutating'),
    cluster,
    expected: expectations.map(read)[0],
  };
}

/** What systems and editors hide is nobody's. */
function filesOf(folder: string, shown: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch (error) {
    throw new FileFault(`${shown}: ${(error as Error).message}`);
  }
}

/** A new object has its uid only after the mutating webhooks (protocol.md §1.1). */
function isFromValidating({ request: { operation, object } }: ReviewDocument): boolean {
  return operation === 'CREATE' && object?.metadata !== undefined && Object.hasOwn(object.metadata, 'uid');
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
