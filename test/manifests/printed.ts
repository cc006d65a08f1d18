import assert from 'node:assert/strict';
import { parseAllDocuments } from 'yaml';
import { portcullis } from '../cli/portcullis.ts';

/** A manifest, as a reader of YAML finds it. */
// biome-ignore lint/suspicious/noExplicitAny: whatever is in it; a test asserts on it
export type Printed = any;

/** The documents of a YAML text. Fails unless YAML 1.1, which kubectl reads, and 1.2 find the same in it. */
export function documents(text: string): Printed[] {
  const [older, newer] = (['1.1', '1.2'] as const).map((version) =>
    parseAllDocuments(text, { version }).map((document): Printed => {
      assert.deepEqual(document.errors, []);
      return document.toJS();
    }),
  );
  assert.deepEqual(older, newer);
  return newer ?? [];
}

/** What `portcullis manifests …` prints, without a word besides. */
export async function printed(args: readonly string[], how: Parameters<typeof portcullis>[1] = {}): Promise<Printed[]> {
  const { code, stdout, stderr } = await portcullis(['manifests', ...args], how);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  return documents(stdout);
}

/** The only one of a kind. */
export function ofKind(kind: string, manifests: readonly Printed[]): Printed {
  const found = manifests.filter((manifest) => manifest.kind === kind);
  assert.equal(found.length, 1, `one ${kind} among ${manifests.map((manifest) => manifest.kind)}`);
  return found[0];
}
