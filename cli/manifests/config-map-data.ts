import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, readable } from '../faults.ts';
import type { ConfigFiles } from './installation.ts';

/** These files of a folder as the data of one ConfigMap, and what keeps them from being that. */
export function configMapData(
  folder: string,
  names: readonly string[],
): { readonly data: ConfigFiles; readonly faults: readonly Fault[] } {
  const files = names.map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
  const faults = files.flatMap(({ name, bytes }) => {
    const file = readable(join(folder, name));
    return [
      ...(KEY.test(name) ? [] : [{ file, reason: NOT_A_KEY }]),
      ...(text(bytes) === undefined ? [{ file, reason: 'it is not UTF-8' }] : []),
    ];
  });
  const size = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (size > MAX_BYTES) faults.push({ file: readable(folder), reason: tooLarge(size, files) });
  const data = Object.fromEntries(files.map(({ name, bytes }) => [name, text(bytes) ?? '']));
  return { data, faults };
}

/** IsConfigMapKey (apimachinery/pkg/util/validation). */
const KEY = /^[-._a-zA-Z0-9]{1,253}$/;
const NOT_A_KEY = 'a ConfigMap takes letters, digits, "-", "_" and "." in the name of a file, and no more than 253';

/** MaxSecretSize, which is that of ConfigMaps too (pkg/apis/core/types.go). */
const MAX_BYTES = 1024 * 1024;

function text(bytes: Buffer): string | undefined {
  try {
    // What the file begins with is the file's: a byte order mark stays.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function tooLarge(size: number, files: readonly { readonly name: string; readonly bytes: Buffer }[]): string {
  const largest = [...files].sort((a, b) => b.bytes.length - a.bytes.length).slice(0, 3);
  const sizes = largest.map(({ name, bytes }) => `${name} ${kibibytes(bytes.length)}`).join(', ');
  return `its files are ${kibibytes(size)} (${sizes}), and a ConfigMap holds 1024 KiB: make two folders of it, or build an image with your rules in it`;
}

function kibibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KiB`;
}
