import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** The folder of this machine's npm, the package. Throws where there is none. */
export function npmFolder(): string {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'npm'));
  const found = candidates.filter(existsSync).map((path) => realpathSync(path));
  const program = found.find((path) => path.endsWith('/bin/npm-cli.js'));
  if (program === undefined) throw new Error('there is no npm on the PATH');
  return dirname(dirname(program));
}

/** The files by which npm knows this machine's registry and what it has fetched before; they may not be there. */
export const npmFiles = {
  userConfig: process.env.npm_config_userconfig ?? join(homedir(), '.npmrc'),
  cache: process.env.npm_config_cache ?? join(homedir(), '.npm'),
};

const REACHING =
  /^(npm_config_(registry|cafile|strict_ssl|(https?_?|no)?proxy)|https?_proxy|no_proxy|node_extra_ca_certs)$/i;

/** The variables by which npm reaches its registry from here, and which let it take what it has fetched before. */
export const npmEnvironment: { readonly [name: string]: string } = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => REACHING.test(entry[0]) && entry[1] !== undefined,
    ),
  ),
  npm_config_prefer_offline: 'true',
};
