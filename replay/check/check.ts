import type { Kind } from '../../webhook/kind.ts';
import type { Gate } from '../chain.ts';
import type { KubeObject } from '../cluster.ts';
import type { CustomResource } from '../custom-resource.ts';
import { parseApiVersion } from '../resources.ts';
import { clusterOfManifests, inNamespace } from './cluster-of-manifests.ts';
import { called, type Manifest, type Unread } from './manifests.ts';
import { type PodInside, podOf } from './pod-of.ts';
import { type Problem, problemsOf } from './problems.ts';
import { type Asked, type CheckedRequest, type Site, sent } from './sent.ts';
import { undecodable } from './undecodable.ts';
import { unknownFields } from './unknown-fields.ts';

/** What manifests are checked with. */
export interface CheckContext {
  readonly gate: Gate;
  /** The kinds that the rules in force are for. */
  readonly kinds: readonly Kind[];
  /** CustomResourceDefinitions that every cluster has, unless a manifest replaces one. */
  readonly crds: readonly CustomResource[];
  /** Where objects stand that do not say it. */
  readonly objectNamespace: string;
}

/** What is to be applied, and to what. */
export interface Applied {
  readonly manifests: readonly Manifest[];
  /** What was applied before: an object in both is updated, one that is only here is deleted. None: all is new. */
  readonly old: readonly Manifest[] | undefined;
  /** What else the cluster holds. */
  readonly around: readonly Manifest[];
}

/** What would become of one object. */
export interface CheckedObject {
  readonly manifest: Manifest;
  readonly requests: readonly CheckedRequest[];
  /** In the order of their lines. */
  readonly problems: readonly Problem[];
  readonly isRefused: boolean;
  /** A webhook, the schema of a CRD or the API server itself had a say in it. */
  readonly isAsked: boolean;
  /** As the API server would store it; undefined where it would not. */
  readonly stored: KubeObject | undefined;
}

/** What would become of all. */
export interface Check {
  readonly objects: readonly CheckedObject[];
  readonly unread: readonly Unread[];
  /** Whose labels are not known: no Namespace of that name is among the objects. */
  readonly unknownNamespaces: readonly string[];
}

/** Sends each object the whole way as an API server would, in their order, and the deleted ones last. */
export async function check({ manifests, old = [], around }: Applied, context: CheckContext): Promise<Check> {
  // Of what is applied twice the last stays, and what is applied takes the place of what was there.
  const held = [...manifests.toReversed(), ...old.toReversed(), ...around.toReversed()];
  const { cluster, unread, unknownNamespaces } = clusterOfManifests(held, context);
  const site = { ...context, cluster, unread: [...unread] };
  const idOf = ({ object }: Manifest) => identity(inNamespace(object, cluster, context));
  const before = new Map(old.filter(isNamed).map((manifest) => [idOf(manifest), manifest]));
  const first = new Map<string, Manifest>();
  const objects: CheckedObject[] = [];
  for (const manifest of manifests) {
    const id = idOf(manifest);
    const other = first.get(id);
    if (other === undefined && isNamed(manifest)) first.set(id, manifest);
    objects.push(...(await checkOne({ manifest, old: before.get(id), other }, site)));
  }
  for (const [id, manifest] of before) {
    if (!first.has(id))
      objects.push(...(await checkOne({ manifest: undefined, old: manifest, other: undefined }, site)));
  }
  return { objects, unread: site.unread, unknownNamespaces: [...unknownNamespaces] };
}

/** What a name is still to be generated for is another object each time. */
function isNamed({ object }: Manifest): boolean {
  return object.metadata.name !== undefined;
}

/** A kind of another version is the same object. */
function identity({ apiVersion, kind, metadata }: KubeObject): string {
  return [parseApiVersion(apiVersion).group, kind, metadata.namespace ?? '', metadata.name].join(' ');
}

type Change =
  | { readonly manifest: Manifest; readonly old: Manifest | undefined; readonly other: Manifest | undefined }
  | { readonly manifest: undefined; readonly old: Manifest; readonly other: undefined };

/** None where it turns out that it cannot be told, which is then among the unread. */
async function checkOne(change: Change, site: Site): Promise<CheckedObject[]> {
  const manifest = change.manifest ?? change.old;
  const inside = change.manifest === undefined ? undefined : podOf(manifest.object);
  const unsendable = change.manifest === undefined ? [] : undecodable(manifest, inside?.at);
  const requests: CheckedRequest[] = [];
  for (const one of unsendable.length > 0 ? [] : requestsOf(change, inside, site)) {
    const request = await sent(one, manifest, site);
    if (request === undefined) return [];
    requests.push(request);
  }
  // What is wrong besides is told all the same.
  const unsent = change.manifest === undefined ? [] : unknownFields(manifest, site.cluster, inside?.at);
  const problems = [
    ...unsendable,
    ...unsent,
    ...requests.flatMap((request) => problemsOf(request, manifest)),
    ...(change.other === undefined ? [] : [twice(manifest, change.other)]),
  ];
  const own = requests.find(({ at }) => at.length === 0);
  const isStored = own !== undefined && own.operation !== 'DELETE' && !isDenied(own) && unsent.length === 0;
  const isRefused = requests.some(isDenied) || problems.some(({ isWarning }) => !isWarning);
  const checked = {
    manifest,
    requests,
    problems: problems.sort((one, other) => one.line - other.line),
    isRefused,
    isAsked: isRefused || requests.some((request) => isAsked(request, site)),
    stored: isStored ? (own.chain?.object ?? own.sent) : undefined,
  };
  return [checked];
}

/** That of the object; and that of the controller which makes Pods of it. */
function requestsOf({ manifest, old }: Change, inside: PodInside | undefined, site: Site): Asked[] {
  const object = manifest === undefined ? null : inNamespace(manifest.object, site.cluster, site);
  const before = old === undefined ? null : inNamespace(old.object, site.cluster, site);
  // As with conversion None: the old object is asked about in the version of the new one.
  const oldObject = before === null || object === null ? before : { ...before, apiVersion: object.apiVersion };
  const own = { object, oldObject, at: [] };
  if (inside === undefined) return [own];
  const { pod, ...others } = inside;
  return [own, { object: inNamespace(pod, site.cluster, site), oldObject: null, ...others }];
}

function isAsked({ chain, sent: { apiVersion, kind } }: CheckedRequest, { cluster }: Site): boolean {
  return chain !== undefined && (chain.calls.length > 0 || cluster.storageOf(apiVersion, kind) !== undefined);
}

function isDenied({ chain }: CheckedRequest): boolean {
  return chain?.verdict === 'denied' || chain?.verdict === 'failed';
}

function twice(manifest: Manifest, { file, object, lineOf }: Manifest): Problem {
  const message = `${called(object)} stands at ${file}:${lineOf([])} already; the last one that is applied stays`;
  return { isWarning: true, line: manifest.lineOf([]), field: undefined, message, by: undefined };
}
