import { isRecord } from '../../webhook/decode.ts';
import { nearest } from '../../webhook/nearest.ts';
import type { Cluster } from '../cluster.ts';
import { METADATA_MEMBERS, unknownMembers } from '../metadata.ts';
import { locate } from './field-path.ts';
import type { Manifest } from './manifests.ts';
import type { Problem } from './problems.ts';

/**
 * The fields that kubectl does not send, since nobody knows them, and that an API server would drop without a word: in metadata of
 * any kind, that of the template at `at` too, and wherever the schema of a CRD has none of that name.
 */
export function unknownFields({ object, lineOf }: Manifest, cluster: Cluster, at?: readonly string[]): Problem[] {
  const metadata = [[], ...(at === undefined ? [] : [at])].flatMap((around) => ofMetadata(object, around));
  const custom = (cluster.storageOf(object.apiVersion, object.kind)?.unknown(object) ?? []).map((field) => {
    return { path: locate(field, object, object).path, field, guess: '', by: 'the schema of its CRD' };
  });
  return [...metadata, ...custom].map(({ path, field, guess, by }) => {
    const message = `unknown field, which kubectl refuses, and an API server drops${guess}`;
    return { isWarning: false, line: lineOf(path), field, message, by };
  });
}

function ofMetadata(object: unknown, around: readonly string[]) {
  const steps = [...around, 'metadata'];
  const metadata = steps.reduce<unknown>((value, step) => (isRecord(value) ? value[step] : undefined), object);
  if (!isRecord(metadata)) return [];
  return unknownMembers(metadata).map((name) => {
    const path = [...steps, name];
    return { path, field: path.join('.'), guess: nearest(name, METADATA_MEMBERS), by: 'the API server' };
  });
}
