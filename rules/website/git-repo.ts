import { pageProblem } from './forge-pages.ts';
import { hasAt, parseGitRepo } from './git-address.ts';
import { hostProblem } from './host-problem.ts';
import type { HostSettings } from './host-settings.ts';
import { nearMisses, unwrapped } from './near-misses.ts';

const LONGEST_HINT = 128;

/**
 * What is wrong with a repository's address (injection.md §5.3), as a sentence that begins with "must", or
 * undefined. Where it is clear what was meant, the sentence ends with that: an address in which nothing is wrong.
 * Without `hosts` every host will do. The sentence never repeats a credential. Linear in the address' length.
 */
export function gitRepoProblem(repo: string, hosts?: HostSettings): string | undefined {
  const problem = problemOf(repo, hosts);
  return problem === undefined ? undefined : problem + didYouMean(repo, hosts);
}

/**
 * The address as it may be shown: everything that is or might be a credential is `***`. An address that
 * `parseGitRepo` accepts carries none and stays as it is, its SSH user included. Of any other text, what stands
 * before the last "@" goes (encoded ones and look-alikes count), so does what follows "?", "#", "&", ";" or white
 * space, and an authority whose port is no number.
 */
export function withoutCredentials(repo: string): string {
  if (typeof parseGitRepo(repo) !== 'string') return repo;
  const [prefix, rest] = cutScheme(repo);
  const head = /^.*(?:@|%40|\uff20|\ufe6b)/s.exec(rest)?.[0] ?? '';
  // With a "?" before the last "@", either may be part of a password or of a query: neither side is safe to show.
  if (/[?#]/.test(head)) return `${prefix}***`;
  // Everybody's SSH user is no secret, and a message that lost it would puzzle.
  const shown = head === '' || (head === 'git@' && !/^http/i.test(prefix)) ? head : '***@';
  const tail = rest.slice(head.length).replace(/([?#&;]|[\s\p{Cc}]).*$/su, '$1***');
  return `${prefix}${shown}${prefix === '' ? tail : withoutPassword(tail)}`;
}

/**
 * The value of a field that is for no address, as it may be shown: one that might be an address after all, pasted into
 * the wrong field, as `withoutCredentials` has it, and any other as it is.
 */
export function withoutPastedCredentials(value: string): string {
  // What an "@" ends can be a credential only where there is something before it.
  return value.includes('://') || hasAt(value.slice(1)) ? withoutCredentials(value) : value;
}

function cutScheme(repo: string): [prefix: string, rest: string] {
  const prefix = /^(?:https?|ssh|git|ftps?|file)(?::\/{0,2}|\/\/)/i.exec(repo)?.[0] ?? '';
  return [prefix, repo.slice(prefix.length)];
}

/** Where "@" was forgotten or encoded twice, a password stands where the port should. */
function withoutPassword(rest: string): string {
  const authority = /^[^/]*/.exec(rest)?.[0] ?? '';
  if (/^(?:\[[0-9a-f:.]*\]|[^:%]*)(?::\d{1,5})?$/i.test(authority)) return rest;
  return `${authority.replace(/([:%]).*$/s, '$1')}***${rest.slice(authority.length)}`;
}

function problemOf(repo: string, hosts: HostSettings | undefined): string | undefined {
  const parts = parseGitRepo(repo);
  if (typeof parts === 'string') return parts;
  return pageProblem(parts) ?? (hosts === undefined ? undefined : hostProblem(parts.host, hosts));
}

/** Made of nothing but what is shown anyway; of users, "git" alone is known not to be a token. */
function didYouMean(repo: string, hosts: HostSettings | undefined): string {
  const bare = unwrapped(repo);
  // Shown, the path of ssh://git@host:path is taken for a password, which nobody has who is called "git".
  const text = /^(?:git\+)?ssh:\/*git@[^@%]*$/i.test(bare) ? bare : withoutCredentials(bare);
  const right = nearMisses(text).find((address) => {
    const parts = parseGitRepo(address);
    if (address.length > LONGEST_HINT || address.includes('***') || typeof parts === 'string') return false;
    return (parts.user ?? 'git') === 'git' && problemOf(address, hosts) === undefined;
  });
  return right === undefined ? '' : `; did you mean ${right}?`;
}
