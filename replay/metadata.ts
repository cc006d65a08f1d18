import { isRecord } from '../webhook/decode.ts';

/** A label or annotation that is no text, which no API server takes. */
export interface NoText {
  /** From the object on. */
  readonly path: readonly string[];
  /** The path as messages have it: `metadata.labels[app]`. */
  readonly field: string;
  readonly message: string;
}

/** The labels and annotations that are no texts in the metadata that stands at `around`; null is one, the empty text. */
export function noTexts(metadata: unknown, around: readonly string[] = ['metadata']): NoText[] {
  return ['labels', 'annotations'].flatMap((map) => {
    const values = (isRecord(metadata) && Object.hasOwn(metadata, map) ? metadata[map] : undefined) ?? {};
    const path = [...around, map];
    const field = path.join('.');
    if (!isRecord(values)) return [{ path, field, message: 'must be a map of texts' }];
    const wrong = Object.entries(values).filter(([, value]) => typeof value !== 'string' && value !== null);
    return wrong.map(([key, value]) => {
      const message = `must be a text, and YAML reads it as ${JSON.stringify(value)}: put it into quotes`;
      return { path: [...path, key], field: `${field}[${key}]`, message };
    });
  });
}

/** What a metadata may have (apimachinery, meta/v1, ObjectMeta): an API server drops everything else. */
export const METADATA_MEMBERS: readonly string[] = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
];

/** The members that no metadata has. */
export function unknownMembers(metadata: object): string[] {
  return Object.keys(metadata).filter((name) => !METADATA_MEMBERS.includes(name));
}

/** Metadata as an API server reads it: without what is null or not known, and a label of null is the empty text (Go's encoding/json). */
export function decodedMetadata<T extends object>(metadata: T): T {
  const known = Object.entries(metadata).filter(([name, value]) => value !== null && METADATA_MEMBERS.includes(name));
  const members = known.map(([name, value]) => {
    const isMap = (name === 'labels' || name === 'annotations') && isRecord(value);
    return [name, isMap ? withoutNulls(value) : value];
  });
  return Object.fromEntries(members) as T;
}

function withoutNulls(texts: object): object {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, text ?? '']));
}
