import { metadataErrors, subdomainProblems } from '../schema/object-meta.ts';
import type { Underway } from './chain.ts';
import type { KubeObject } from './cluster.ts';

/** To a prefix the API server adds five characters; here they are always the same. */
const GENERATED = 'x7k2p';
/** What of a prefix is left, so that the name fits a label's value (apiserver, storage/names/generate.go). */
const MAX_PREFIX_LENGTH = 58;

/**
 * What an API server does to the object between the mutating webhooks and the validating ones (registry/rest: BeforeCreate and
 * BeforeUpdate): it generates the name, keeps what another endpoint writes, and refuses what cannot stand: metadata of any
 * kind, but for what kinds of its own want of their names, and whatever the CRD's schema says.
 */
export function betweenPhases(way: Underway): void {
  const { operation, subResource = '' } = way.request;
  if (way.request.object === null || operation === 'CONNECT') return;
  generateName(way);
  const { object, oldObject } = way.request;
  if (object === null || (subResource !== '' && subResource !== 'status')) return;
  const storage = way.start.cluster.storageOf(object.apiVersion, object.kind);
  // An update cannot change a name, and what it says of a prefix is asked no more than any path is (registry/rest, update.go).
  const nameProblems = operation === 'CREATE' && storage !== undefined ? subdomainProblems : undefined;
  const ofMetadata = metadataErrors(object.metadata, 'metadata', nameProblems);
  if (storage === undefined) {
    way.schemaErrors = [...ofMetadata];
    return;
  }
  if (storage.hasStatus) keepOtherHalf(way, object);
  if (storage.hasRules) {
    way.notEvaluated.add(`the schema of ${object.kind} has x-kubernetes-validations, which are taken to hold`);
  }
  way.schemaErrors = [...ofMetadata, ...storage.validate(way.request.object, '', oldObject ?? undefined)];
}

function generateName(way: Underway): void {
  const { object, operation } = way.request;
  const { name = '', generateName = '' } = (object?.metadata ?? {}) as { name?: string; generateName?: string };
  if (object === null || operation !== 'CREATE' || name !== '' || generateName === '') return;
  const generated = `${generateName.slice(0, MAX_PREFIX_LENGTH)}${GENERATED}`;
  const metadata = { ...object.metadata, name: generated };
  way.request = { ...way.request, name: generated, object: { ...object, metadata } };
}

/**
 * A custom resource with a status subresource: there its status alone is written, elsewhere everything but its status
 * (apiextensions-apiserver, registry/customresource).
 */
function keepOtherHalf(way: Underway, object: KubeObject): void {
  const { oldObject, subResource } = way.request;
  const isStatus = subResource === 'status';
  const [others, status] = isStatus ? [oldObject, object.status] : [object, oldObject?.status];
  if (others === null || (!isStatus && others.status === status)) return;
  const { status: _, ...rest } = others;
  const kept = status === undefined ? rest : { ...rest, status };
  way.request = { ...way.request, object: kept as KubeObject };
}
