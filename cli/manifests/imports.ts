import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Import } from '../author-module.ts';

/** An import of a file by a file; both are real paths. */
export interface FileImport extends Import {
  readonly imported: string;
}

/** Runs it, and gives besides what it gives who imported which file meanwhile. `'portcullis'` and Node's own are no files. */
export async function withImports<T>(load: () => Promise<T>): Promise<{ result: T; imports: readonly FileImport[] }> {
  const imports: FileImport[] = [];
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const { parentURL = '' } = context;
      if (resolved.url.startsWith('file:') && parentURL.startsWith('file:')) {
        imports.push({ specifier, importer: fileURLToPath(parentURL), imported: fileURLToPath(resolved.url) });
      }
      return resolved;
    },
  });
  try {
    return { result: await load(), imports };
  } finally {
    hooks.deregister();
  }
}
