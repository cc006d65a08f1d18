import { readFileSync } from 'node:fs';

/** The version in package.json, of this copy; undefined where it cannot be told. */
export function ownVersion(): string | undefined {
  const file = [new URL('../package.json', import.meta.url), new URL('../../package.json', import.meta.url)];
  for (const url of file) {
    try {
      return (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version;
    } catch {
      // built, it lies one folder deeper
    }
  }
  return undefined;
}
