import { readFileSync } from 'node:fs';
import { type Fault, readable } from '../faults.ts';
import type { ConfigFiles } from './installation.ts';

/** The data of a ConfigMap, and what keeps it from being one. */
export interface ConfigMapData {
  readonly data: ConfigFiles;
  readonly faults: readonly Fault[];
}

/** A ConfigMap of files, by their keys; `place` is what a fault of them all together is told of. */
export function configMapData(paths: { readonly [key: string]: string }, place: string): ConfigMapData {
  const files = Object.entries(paths).map(([key, path]) => {
    const bytes = readFileSync(path);
    return { key, file: readable(path), bytes, text: textOf(bytes) };
  });
  const faults = files.flatMap(({ key, file, text }) => [
    ...(KEY.test(key) ? [] : [{ file, reason: NOT_A_KEY }]),
    ...(text === undefined ? [{ file, reason: 'it is not UTF-8, and the text of a ConfigMap is' }] : []),
  ]);
  const size = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (size > MAX_BYTES) faults.push({ file: readable(place), reason: tooLarge(size, files) });
  return { data: Object.fromEntries(files.map(({ key, text = '' }) => [key, text])), faults };
}

/** IsConfigMapKey (apimachinery/pkg/util/validation). */
const KEY = /^[-._a-zA-Z0-9]{1,253}$/;
const NOT_A_KEY = 'a ConfigMap takes letters, digits, "-", "_" and "." in the name of a file, and 253 of them';

/** MaxSecretSize, which is that of ConfigMaps too (pkg/apis/core/types.go). */
const MAX_BYTES = 1024 * 1024;

function textOf(bytes: Buffer): string | undefined {
  try {
    // What the file begins with is the file's: a byte order mark stays.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function tooLarge(size: number, files: readonly { readonly key: string; readonly bytes: Buffer }[]): string {
  const largest = [...files].sort((a, b) => b.bytes.length - a.bytes.length).slice(0, 3);
  const sizes = largest.map(({ key, bytes }) => `${key} ${kibibytes(bytes.length)}`).join(', ');
  return `it comes to ${kibibytes(size)} (${sizes}), and a ConfigMap holds 1024 KiB: make two folders of it, or build an image with your rules in it`;
}

function kibibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KiB`;
}
