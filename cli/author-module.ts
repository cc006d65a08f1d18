import { registerHooks } from 'node:module';
import { sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** An import as it is written in a file. */
export interface Import {
  readonly specifier: string;
  /** The real path of the file that it is written in. */
  readonly importer: string;
}

/** The files of rule folders while they are loaded as modules. Paths are real paths. */
export interface RuleModules {
  /** Whether a file is one of the rules' or their helpers', and no package's. */
  isRuleFile(path: string): boolean;
  /** The rule file and all that it has imported so far, itself first. */
  withImports(path: string): readonly string[];
  /** How a file was imported, as the first that did so wrote it. */
  importOf(path: string): Import | undefined;
  /** The import that could not be resolved, for what that threw. */
  unresolved(error: unknown): Import | undefined;
  /** Ends the special treatment; what is loaded stays. */
  end(): void;
}

/**
 * Makes `import … from 'portcullis'` mean the running copy, wherever a rule file lies, and makes every file below these
 * folders (real paths), and what they import by relative paths, an ES module, whatever package.json is (or, in a
 * ConfigMap, is not) above them.
 */
export function loadAsRules(folders: readonly string[]): RuleModules {
  const isSource = import.meta.url.endsWith('.ts');
  const author = new URL(`../author.${isSource ? 'ts' : 'js'}`, import.meta.url).href;
  const prefixes = folders.map((folder) => pathToFileURL(folder + sep).href);
  const own = new Set<string>();
  const isRuleUrl = (url: string): boolean =>
    own.has(url) ||
    prefixes.some((prefix) => url.startsWith(prefix) && !url.slice(prefix.length).includes('node_modules/'));
  const imports = new Map<string, Map<string, Import>>();
  const unresolved = new WeakMap<object, Import>();
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'portcullis') return { url: author, shortCircuit: true };
      const importer = fileOf(context.parentURL);
      try {
        const resolved = next(specifier, context);
        if (specifier.startsWith('.') && isRuleUrl(context.parentURL ?? '')) own.add(resolved.url);
        if (!isRuleUrl(resolved.url)) return resolved;
        if (importer !== undefined) noted(imports, importer).set(fileURLToPath(resolved.url), { specifier, importer });
        const format = formatOf(resolved.url);
        return format === undefined ? resolved : { ...resolved, format };
      } catch (error) {
        if (importer !== undefined && error instanceof Error) unresolved.set(error, { specifier, importer });
        throw error;
      }
    },
  });
  return {
    isRuleFile: (path) => isRuleUrl(pathToFileURL(path).href),
    withImports: (path) => reached(imports, path),
    importOf: (path) => [...imports.values()].map((own) => own.get(path)).find((found) => found !== undefined),
    unresolved: (error) => (typeof error === 'object' && error !== null ? unresolved.get(error) : undefined),
    end: () => hooks.deregister(),
  };
}

function formatOf(url: string): string | undefined {
  if (/\.m?ts(\?|$)/.test(url)) return 'module-typescript';
  return /\.m?js(\?|$)/.test(url) ? 'module' : undefined;
}

function fileOf(url: string | undefined): string | undefined {
  return url?.startsWith('file:') ? fileURLToPath(url) : undefined;
}

function noted(imports: Map<string, Map<string, Import>>, importer: string): Map<string, Import> {
  const own = imports.get(importer) ?? new Map<string, Import>();
  imports.set(importer, own);
  return own;
}

function reached(imports: ReadonlyMap<string, ReadonlyMap<string, Import>>, from: string): string[] {
  const found = new Set([from]);
  for (const file of found) for (const next of imports.get(file)?.keys() ?? []) found.add(next);
  return [...found];
}
