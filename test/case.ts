import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { apiVersionOf, type Kind } from '../webhook/kind.ts';
import type { Rule } from '../webhook/rule.ts';

/** A case folder, read: the review that an API server would send, and the Namespaces that it would know. */
export interface Case {
  readonly folder: string;
  readonly review: ReviewDocument;
  /** Labels of the request's namespace. */
  readonly namespaceLabels: Labels;
}

export type Labels = { readonly [key: string]: string };
export type ReviewDocument = {
  request: { object: Tree | null; oldObject: Tree | null; namespace?: string } & Tree;
} & Tree;
type Tree = { [member: string]: unknown };

/** Reads `review.json|yaml`, or makes a review from `object.yaml` [`oldObject.yaml`] [`request.yaml`] (DESIGN.md §8). */
export function readCase(folder: string, rule: Rule): Case {
  const review = (documentIn(folder, 'review') ?? madeReview(folder, rule)) as ReviewDocument;
  const { namespace } = review.request;
  const known = documentsIn(join(folder, 'cluster.yaml'));
  const found = known.find(({ kind, metadata }) => kind === 'Namespace' && (metadata as Tree).name === namespace);
  const labels = (found?.metadata as { labels?: Labels } | undefined)?.labels ?? {};
  return { folder, review, namespaceLabels: { 'kubernetes.io/metadata.name': namespace ?? '', ...labels } };
}

/** The folders in a folder, sorted; none where it is not there. */
export function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** The document `name.json` or `name.yaml`, if the folder has it. */
export function documentIn(folder: string, name: string): Tree | undefined {
  const json = join(folder, `${name}.json`);
  if (existsSync(json)) return JSON.parse(readFileSync(json, 'utf8')) as Tree;
  return documentsIn(join(folder, `${name}.yaml`))[0];
}

function documentsIn(file: string): Tree[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split(/^---$/m)
    .map((text) => parse(text) as Tree);
}

function madeReview(folder: string, rule: Rule): Tree {
  const object = documentIn(folder, 'object') ?? null;
  const oldObject = documentIn(folder, 'oldObject') ?? null;
  const request = documentIn(folder, 'request') ?? {};
  const subject = object ?? oldObject;
  if (subject === null)
    throw new Error(`${folder}: a case needs review.json, review.yaml, object.yaml or oldObject.yaml`);
  const kind = kindOf(rule, subject);
  const metadata = subject.metadata as { name?: string; namespace?: string };
  const operation = oldObject === null ? 'CREATE' : object === null ? 'DELETE' : 'UPDATE';
  const namespace = metadata.namespace ?? 'default';
  const { group, version } = kind;
  const [resource, subResource] = kind.resource.split('/');
  return {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: '00000000-0000-4000-8000-000000000001',
      kind: { group, version, kind: kind.kind },
      resource: { group, version, resource },
      ...(subResource === undefined ? {} : { subResource }),
      ...(metadata.name === undefined ? {} : { name: metadata.name }),
      ...(kind.scope === 'Namespaced' ? { namespace } : {}),
      operation,
      userInfo: { username: 'author', groups: ['system:authenticated'] },
      object: object === null ? null : withNamespace(object, kind, namespace),
      oldObject: oldObject === null ? null : withNamespace(oldObject, kind, namespace),
      dryRun: false,
      options: null,
      ...request,
    },
  };
}

function kindOf(rule: Rule, { kind, apiVersion }: Tree): Kind {
  const found = rule.kinds.find((token) => token.kind === kind && apiVersionOf(token) === apiVersion);
  if (found === undefined) throw new Error(`the rule ${rule.name} is not for ${apiVersion} ${kind}`);
  return found;
}

function withNamespace(object: Tree, { scope }: Kind, namespace: string): Tree {
  if (scope === 'Cluster') return object;
  return { ...object, metadata: { namespace, ...(object.metadata as Tree) } };
}
