import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Import } from '../author-module.ts';
import { fileUrls } from './file-urls.ts';

/** An import of a file by a file, or a file's URL in it; both are real paths. */
export interface FileImport extends Import {
  readonly imported: string;
}

/**
 * Runs it, and gives besides what it gives who imported, or names by a URL, which file meanwhile. `'portcullis'` and
 * Node's own are no files.
 */
export async function withImports<T>(load: () => Promise<T>): Promise<{ result: T; imports: readonly FileImport[] }> {
  const imports: FileImport[] = [];
  const loaded = new Set<string>();
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const { parentURL = '' } = context;
      if (resolved.url.startsWith('file:') && parentURL.startsWith('file:')) {
        const imported = fileURLToPath(resolved.url);
        imports.push({ specifier, importer: fileURLToPath(parentURL), imported });
        loaded.add(imported);
      }
      return resolved;
    },
  });
  try {
    const result = await load();
    return { result, imports: [...imports, ...[...loaded].filter(isSource).flatMap(fileUrls)] };
  } finally {
    hooks.deregister();
  }
}

function isSource(file: string): boolean {
  return /\.m?[tj]s$/.test(file);
}
