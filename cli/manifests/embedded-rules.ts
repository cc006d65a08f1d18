import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, readable } from '../faults.ts';
import { placeOfImport } from '../import-places.ts';
import { ruleFiles } from '../rule-files.ts';
import { type ConfigMapData, configMapData } from './config-map-data.ts';
import type { FileImport } from './imports.ts';

/**
 * What of a folder of rules, which have been loaded with these imports, a ConfigMap has to hold: the rules, what they
 * import, and helpers that they may import later. A ConfigMap has no folders in it, and nothing lies beside it: what a
 * rule imports from elsewhere is a fault, since pods would not have it.
 */
export function embeddedRules(folder: string, imports: readonly FileImport[]): ConfigMapData {
  // By their real paths, as imports name them: the files of a ConfigMap that is mounted are symbolic links.
  const names = new Map(filesIn(folder).map((name) => [realpathSync(join(folder, name)), name]));
  const wanted = new Set(ruleFiles(folder).files.map(({ real }) => real));
  for (const [real, name] of names) if (HELPER.test(name)) wanted.add(real);
  const faults: Fault[] = [];
  for (const file of wanted) {
    for (const one of imports.filter(({ importer }) => importer === file)) {
      if (names.has(one.imported)) wanted.add(one.imported);
      else faults.push(notEmbedded(one, names.get(file) ?? file, folder));
    }
  }
  const found = [...wanted].flatMap((real) => names.get(real) ?? []).sort();
  const { data, faults: others } = configMapData(
    Object.fromEntries(found.map((name) => [name, join(folder, name)])),
    folder,
  );
  return { data, faults: [...faults, ...others] };
}

const HELPER = /^_.*\.m?[tj]s$/;

/** A link that leads nowhere is told when it is loaded, or no rule's business. */
function filesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile());
}

function notEmbedded(one: FileImport, name: string, folder: string): Fault {
  const line = placeOfImport(one)?.line;
  const file = readable(join(folder, name));
  const reason = `'${one.specifier}' is not right in this folder, and of a ConfigMap pods get nothing else: move it there, or build an image with your rules in it`;
  return { file: line === undefined ? file : `${file}:${line}`, reason };
}
