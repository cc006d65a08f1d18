import { isRecord } from '../../webhook/decode.ts';
import type { KubeObject } from '../cluster.ts';
import { type NoText, noTexts } from '../metadata.ts';
import type { Manifest } from './manifests.ts';
import type { Problem } from './problems.ts';

/**
 * What every API server refuses before it asks anybody: labels and annotations that are no texts (`off`, `yes` and `1`
 * without quotes), and an object without a name. `at` is where the template of a Pod stands in it, which needs no name.
 */
export function undecodable({ object, lineOf }: Manifest, at?: readonly string[]): Problem[] {
  const template = at?.reduce<unknown>(memberOf, object);
  const found = [
    ...nameless(object),
    ...noTexts(object.metadata),
    ...(at === undefined ? [] : noTexts(memberOf(template, 'metadata'), [...at, 'metadata'])),
  ];
  return found.map(({ path, field, message }) => {
    return { isWarning: false, line: lineOf(path), field, message, by: 'the API server' };
  });
}

function nameless({ metadata }: KubeObject): NoText[] {
  const { name, generateName } = metadata as { name?: unknown; generateName?: unknown };
  if ((name ?? '') !== '' || (generateName ?? '') !== '') return [];
  return [
    { path: ['metadata', 'name'], field: 'metadata.name', message: 'Required value: name or generateName is required' },
  ];
}

function memberOf(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
