import { isRecord } from '../../webhook/decode.ts';
import type { KubeObject } from '../cluster.ts';
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
    ...noTexts(object.metadata, ['metadata']),
    ...(at === undefined ? [] : noTexts(memberOf(template, 'metadata'), [...at, 'metadata'])),
  ];
  return found.map(({ path, field, message }) => {
    return { isWarning: false, line: lineOf(path), field, message, by: 'the API server' };
  });
}

interface Found {
  readonly path: readonly string[];
  readonly field: string;
  readonly message: string;
}

function noTexts(metadata: unknown, around: readonly string[]): Found[] {
  return ['labels', 'annotations'].flatMap((map) => {
    const values = memberOf(metadata, map) ?? {};
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

function nameless({ metadata }: KubeObject): Found[] {
  const { name, generateName } = metadata as { name?: unknown; generateName?: unknown };
  if ((name ?? '') !== '' || (generateName ?? '') !== '') return [];
  return [
    { path: ['metadata', 'name'], field: 'metadata.name', message: 'Required value: name or generateName is required' },
  ];
}

function memberOf(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
