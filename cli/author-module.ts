import { registerHooks } from 'node:module';
import { sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Makes `import … from 'portcullis'` mean the running copy, wherever a rule file lies, and makes every file in these
 * folders an ES module, whatever package.json is (or, in a ConfigMap, is not) above them. Folders are real paths.
 * Gives what undoes it.
 */
export function serveAuthorModule(folders: readonly string[]): () => void {
  const isSource = import.meta.url.endsWith('.ts');
  const author = new URL(`../author.${isSource ? 'ts' : 'js'}`, import.meta.url).href;
  const prefixes = folders.map((folder) => pathToFileURL(folder + sep).href);
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'portcullis') return { url: author, shortCircuit: true };
      const resolved = next(specifier, context);
      const format = formatOf(resolved.url, prefixes);
      return format === undefined ? resolved : { ...resolved, format };
    },
  });
  return () => hooks.deregister();
}

function formatOf(url: string, prefixes: readonly string[]): string | undefined {
  if (url.includes('/node_modules/') || !prefixes.some((prefix) => url.startsWith(prefix))) return undefined;
  if (/\.m?ts(\?|$)/.test(url)) return 'module-typescript';
  return /\.m?js(\?|$)/.test(url) ? 'module' : undefined;
}
