import { repositoryOfPage } from './forge-pages.ts';
import { parseGitRepo } from './git-address.ts';

/**
 * The addresses that a text nearly is, likelier ones first: `https://github.com/o/r` for `github.com/o/r`,
 * `http://github.com/o/r`, `https:/github.com/o/r` and the page `https://github.com/o/r/tree/main`. They are made by
 * leaving out, replacing a scheme, turning slashes around and adding slashes or a colon; whether one is right is still
 * to be asked. Linear in the text's length.
 */
export function nearMisses(text: string): string[] {
  const plain = unwrapped(text)
    .replace(/[?#].*$/s, '')
    .replaceAll('\\', '/');
  return [...withPort(plain), plain, ...withSchemeMended(plain), ...withSchemeAdded(plain)].flatMap((address) => {
    // The forges answer under "www." as well; a list of allowed hosts has them without.
    const short = address.replace(/^(https:\/\/|git@)www\.(?=(?:github\.com|gitlab\.com|bitbucket\.org)[/:])/, '$1');
    return [short, address].flatMap((candidate) => [candidate, ...repositoryOf(candidate)]);
  });
}

/** Without what a copied address is wrapped into: white space, quotes, angle brackets, the command. */
export function unwrapped(text: string): string {
  const bare = text.trim().replace(/^git\s+clone\s+(?=\S)/, '');
  const quotes = bare.length > 2 && ['""', "''", '``', '<>'].includes(bare.charAt(0) + bare.charAt(bare.length - 1));
  return quotes ? bare.slice(1, -1) : bare;
}

function withSchemeMended(text: string): string[] {
  const [whole, scheme = ''] = /^(?:git\+)?(ssh|git|[htps]{3,7})(?::\/*|\/\/+)/i.exec(text) ?? [];
  if (whole === undefined) return [];
  const rest = text.slice(whole.length);
  // ssh://git@host:path mixes the two forms.
  if (scheme.toLowerCase() === 'ssh') return [`ssh://${rest}`, rest];
  // The port of what was refused answers nothing else.
  return [`https://${rest.replace(/^([^/:@]+):(?:80|9418)(?=\/)/, '$1')}`];
}

/** `git@github.com:22/o/r` has no port, but a path that begins with 22. */
function withPort(text: string): string[] {
  return /^[^/:]+:\d{1,5}\/[^/]/.test(text) ? [`ssh://${text}`] : [];
}

/** `github.com/o/r` lacks a scheme, `git@github.com/o/r` a colon. */
function withSchemeAdded(text: string): string[] {
  const bare = text.replace(/^\/\//, '');
  const slash = bare.indexOf('/');
  const host = bare.slice(0, Math.max(slash, 0));
  if (!host.includes('.') || host.startsWith('.')) return [];
  return [`https://${bare}`, `${host}:${bare.slice(slash + 1)}`];
}

function repositoryOf(address: string): string[] {
  const parts = parseGitRepo(address);
  const path = typeof parts === 'string' ? undefined : repositoryOfPage(parts);
  if (typeof parts === 'string' || path === undefined) return [];
  return [address.slice(0, address.length - parts.path.length) + path];
}
