import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { apiVersionOf, type Kind } from '../webhook/kind.ts';
import type { Operation, Rule } from '../webhook/rule.ts';

/** A case folder, read: the review that an API server would send, and what it knows of the namespace. */
export interface Case {
  /** Of `review.json` exactly as they are in the file, so that numbers beyond 2^53 arrive as they are. */
  readonly bytes: Buffer;
  readonly review: ReviewDocument;
  /** Labels of the request's namespace. */
  readonly namespaceLabels: Labels;
}

/** What can be found under a selector's eyes; values are texts. */
export type Labels = { readonly [key: string]: string };

/** An AdmissionReview v1, as far as the runner looks at it. */
export interface ReviewDocument {
  readonly request: {
    readonly operation: Operation;
    readonly resource: { readonly group: string; readonly version: string; readonly resource: string };
    readonly subResource?: string;
    readonly namespace?: string;
    readonly object: Tree | null;
    readonly oldObject: Tree | null;
  };
}

type Tree = { readonly [member: string]: unknown };

const FILES = [
  ...['review.json', 'review.yaml', 'object.yaml', 'oldObject.yaml', 'request.yaml', 'cluster.yaml'],
  'expected.yaml',
];
const REQUEST = ['operation', 'userInfo', 'name', 'namespace', 'subresource', 'dryRun', 'options'];

/**
 * Reads `review.json|yaml`, or makes a review from `object.yaml` [`oldObject.yaml`] [`request.yaml`] (DESIGN.md §8).
 * Throws an Error for a folder that holds no case, or something that no case has.
 */
export function readCase(folder: string, rule: Rule): Case {
  const strays = readdirSync(folder).filter((name) => !FILES.includes(name));
  if (strays.length > 0) throw new Error(`${folder}: no case has ${strays.join(', ')}; a case has ${FILES.join(', ')}`);
  const exact = join(folder, 'review.json');
  const given = existsSync(exact) ? readFileSync(exact) : undefined;
  const made = () => documentIn(folder, 'review') ?? madeReview(folder, rule);
  const review = (given === undefined ? made() : JSON.parse(given.toString())) as ReviewDocument;
  return {
    bytes: given ?? Buffer.from(JSON.stringify(review)),
    review,
    namespaceLabels: namespaceLabels(folder, review.request.namespace ?? ''),
  };
}

/** The document in `name.yaml`, if the folder has it. */
export function documentIn(folder: string, name: string): Tree | undefined {
  return documentsIn(join(folder, `${name}.yaml`))[0];
}

function documentsIn(file: string): Tree[] {
  if (!existsSync(file)) return [];
  return parseAllDocuments(readFileSync(file, 'utf8')).map((document) => {
    if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0]?.message}`);
    return document.toJS() as Tree;
  });
}

/** Every Namespace is labelled with its name, from API server 1.21 on. */
function namespaceLabels(folder: string, namespace: string): Labels {
  const known = documentsIn(join(folder, 'cluster.yaml')) as { kind: string; metadata: { name: string } & Tree }[];
  const found = known.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace);
  if (known.length > 0 && found === undefined) throw new Error(`${folder}/cluster.yaml: no Namespace ${namespace}`);
  return { 'kubernetes.io/metadata.name': namespace, ...(found?.metadata.labels as Labels | undefined) };
}

function madeReview(folder: string, rule: Rule): Tree {
  const object = documentIn(folder, 'object') ?? null;
  const oldObject = documentIn(folder, 'oldObject') ?? null;
  const { subresource, ...request } = requestIn(folder);
  const subject = object ?? oldObject;
  if (subject === null) throw new Error(`${folder}: no review.json, review.yaml, object.yaml or oldObject.yaml`);
  const { group, version, kind, resource } = kindOf(rule, subject);
  const metadata = subject.metadata as { name?: string; namespace?: string };
  const namespace = request.namespace ?? metadata.namespace ?? 'default';
  return {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: '00000000-0000-4000-8000-000000000001',
      kind: { group, version, kind },
      resource: { group, version, resource },
      ...(subresource === undefined ? {} : { subResource: subresource }),
      ...(metadata.name === undefined ? {} : { name: metadata.name }),
      operation: oldObject === null ? 'CREATE' : object === null ? 'DELETE' : 'UPDATE',
      userInfo: { username: 'author', groups: ['system:authenticated'] },
      dryRun: false,
      options: null,
      ...request,
      namespace,
      object: withNamespace(object, namespace),
      oldObject: withNamespace(oldObject, namespace),
    },
  };
}

function requestIn(folder: string): Tree {
  const request = documentIn(folder, 'request') ?? {};
  const unknown = Object.keys(request).filter((member) => !REQUEST.includes(member));
  if (unknown.length > 0)
    throw new Error(`${folder}/request.yaml: ${unknown.join(', ')}: known are ${REQUEST.join(', ')}`);
  return request;
}

function kindOf(rule: Rule, { kind, apiVersion }: Tree): Kind {
  const found = rule.kinds.find((token) => token.kind === kind && apiVersionOf(token) === apiVersion);
  if (found === undefined) throw new Error(`the rule ${rule.name} is not for ${apiVersion} ${kind}`);
  return found;
}

/** As API servers from 1.24 on fill it in. */
function withNamespace(object: Tree | null, namespace: unknown): Tree | null {
  return object === null ? null : { ...object, metadata: { namespace, ...(object.metadata as Tree) } };
}
