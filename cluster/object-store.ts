import { isRecord, type JsonObject } from '../webhook/decode.ts';
import { apiVersionOf, type Kind } from '../webhook/kind.ts';
import { FaultyStream, type WatchEvent } from './watch-events.ts';

/** The objects of a kind by namespace and name. */
export interface ObjectStore {
  get(namespace: string, name: string): JsonObject | undefined;
  count(): number;
  /** Makes a list all that there is. */
  replace(items: readonly JsonObject[]): void;
  /** Takes in an event, and gives the resourceVersion to watch from. Throws FaultyStream for what it does not know. */
  apply(event: WatchEvent): string;
}

/** Makes an empty one. */
export function objectStore(kind: Kind): ObjectStore {
  let objects = new Map<string, JsonObject>();
  return { get: (namespace, name) => objects.get(`${namespace}/${name}`), count: () => objects.size, replace, apply };

  function replace(items: readonly JsonObject[]): void {
    const listed = new Map(items.map((item) => [keyOf(item), asRead(item, kind)]));
    objects = listed;
  }

  function apply({ type, object }: WatchEvent): string {
    const version = isRecord(object.metadata) ? object.metadata.resourceVersion : undefined;
    if (typeof version !== 'string' || version === '') throw new FaultyStream(`a ${type} event has no resourceVersion`);
    switch (type) {
      case 'ADDED':
      case 'MODIFIED':
        objects.set(keyOf(object), asRead(object, kind));
        return version;
      case 'DELETED':
        objects.delete(keyOf(object));
        return version;
      case 'BOOKMARK':
        return version;
      default:
        throw new FaultyStream(`there is no event of type ${JSON.stringify(type.slice(0, 40))}`);
    }
  }
}

/**
 * The object as rules see it, wherever it comes from: items of a list may lack apiVersion and kind, and managedFields,
 * often half of an object, are nobody's business but the API server's. Changes the object.
 */
export function asRead(object: JsonObject, kind: Kind): JsonObject {
  if (isRecord(object.metadata)) delete object.metadata.managedFields;
  return { apiVersion: apiVersionOf(kind), kind: kind.kind, ...object };
}

function keyOf({ metadata }: JsonObject): string {
  if (isRecord(metadata) && typeof metadata.name === 'string') return `${metadata.namespace ?? ''}/${metadata.name}`;
  throw new FaultyStream('an object has no name');
}
