import { endsInNumber, ipAddressOf } from './ip-address.ts';

/** The parts of a repository's address that git would fetch from. */
export interface GitRepo {
  /** `scp` is the form `[user@]host:path`, which git fetches over SSH as it does `ssh`. */
  readonly scheme: 'https' | 'ssh' | 'scp';
  /** Never there in an https address: what stands before an "@" is a credential in that one. */
  readonly user?: string;
  /** In lower case, without a trailing dot and without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port?: number;
  /** With its leading slash in a URL; as written in the scp form, where it may be relative to the user's home. */
  readonly path: string;
}

const LONGEST = 2048;
const FORMS = 'must be https://host/path, ssh://git@host/path or git@host:path';
const LOCAL_PATH = `must not be a path on the machine that fetches it; it ${FORMS}`;
const CREDENTIALS = 'must not carry a user name, a password or a token: keep those in a Secret, and name the Secret';
const PASSWORD = 'must not carry a password: keep the key in a Secret, and name the Secret';
const TOKEN = 'must not have a token for its user: keep it in a Secret, and name the Secret';
/** For what begins with "-" where git or ssh would read an option; the CRD's own rule says it too. */
export const OPTION =
  'must not have a user, host or path that begins with "-", which git or ssh would take for an option';
/** For git's `word::`, by which an address chooses the program that reads it; the CRD's own rule says it too. */
export const REMOTE_HELPER = `must not name a remote helper ("ext::" runs a command); it ${FORMS}`;
const QUERY = 'must not have a query or a fragment ("?" or "#")';
const NO_PATH = 'must name a repository after the host';
const HOST = 'must have a valid host (a name of letters, digits, "-", "_" and "."; the port a number from 1 to 65535)';

/**
 * Reads an address as git would (git-fetch(1), "GIT URLS"), in the forms and within the limits of injection.md
 * §5.3: the parts, or a sentence that says what must be otherwise. What it accepts carries no credential, and the
 * sentence repeats nothing of the address. Linear in its length.
 */
export function parseGitRepo(repo: string): GitRepo | string {
  const refusal = shapeProblem(repo) ?? characterProblem(repo);
  if (refusal !== undefined) return refusal;
  const scheme = schemeOf(repo);
  if (scheme === 'https' || scheme === 'ssh') return parseUrl(scheme, repo.slice(scheme.length + '://'.length));
  if (scheme !== undefined) return otherScheme(scheme);
  return parseScp(repo);
}

/** Whether the text has an "@", be it percent-encoded: in an address, the end of credentials. */
export function hasAt(text: string): boolean {
  return text.includes('@') || text.includes('%40');
}

function shapeProblem(repo: string): string | undefined {
  if (repo === '') return 'must not be empty';
  if (repo.length > LONGEST) return `must not be longer than ${LONGEST} characters`;
  if (repo.startsWith('-')) return OPTION;
  if (/^[a-z0-9+.-]*::/i.test(repo)) return REMOTE_HELPER;
  if (/^[a-z]:/i.test(repo) || /^(\/|~|\.\.?(\/|$))/.test(repo)) return LOCAL_PATH;
  return undefined;
}

function characterProblem(repo: string): string | undefined {
  if (/[\s\p{Cc}]/u.test(repo)) return 'must not contain white space or control characters';
  if (/[^ -~]/.test(repo)) return 'must be ASCII: a host in punycode (xn--…), other characters percent-encoded';
  if (/["<>\\^`{|}]/.test(repo)) return 'must not contain any of " < > \\ ^ ` { | }';
  if (repo.includes('$(')) return 'must not contain "$(", which the kubelet would expand';
  return undefined;
}

function schemeOf(repo: string): string | undefined {
  const end = repo.indexOf('://');
  return end > 0 && /^[a-z][a-z0-9+.-]*$/i.test(repo.slice(0, end)) ? repo.slice(0, end) : undefined;
}

function otherScheme(scheme: string): string {
  const lower = scheme.toLowerCase();
  if (lower === 'file') return LOCAL_PATH;
  return lower === 'http' || lower === 'git'
    ? `must use https:// or ssh://: ${lower}:// does not tell who answers`
    : FORMS;
}

function parseUrl(scheme: 'https' | 'ssh', rest: string): GitRepo | string {
  if (/[?#]/.test(rest)) return QUERY;
  const slash = rest.indexOf('/');
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const path = slash < 0 ? '' : rest.slice(slash);
  if (scheme === 'https' && hasAt(authority)) return CREDENTIALS;
  const server = parseServer(authority);
  if (typeof server === 'string') return !hasAt(path) ? server : scheme === 'https' ? CREDENTIALS : PASSWORD;
  return pathProblem(path) ?? { scheme, ...server, path };
}

function parseScp(repo: string): GitRepo | string {
  const colon = repo.indexOf(':', repo.includes(']:') ? repo.indexOf(']:') : 0);
  const slash = repo.indexOf('/');
  const isScp = colon >= 0 && (slash < 0 || colon < slash);
  // Git would take "https" for a host here; whoever wrote it did not.
  if (!isScp || /^(https?|ssh):\/?[^/]/i.test(repo)) return FORMS;
  if (/[?#]/.test(repo)) return QUERY;
  if (hasAt(repo.slice(colon))) return PASSWORD;
  const server = parseServer(repo.slice(0, colon), 'no port');
  if (typeof server === 'string') return server;
  const path = repo.slice(colon + 1);
  return pathProblem(path) ?? { scheme: 'scp', ...server, path };
}

function parseServer(authority: string, port?: 'no port'): Pick<GitRepo, 'user' | 'host' | 'port'> | string {
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(at, 0));
  if (user.includes(':')) return PASSWORD;
  if (user.startsWith('-') || authority.startsWith('-', at + 1)) return OPTION;
  if (at >= 0 && !/^[\w.~+-]+$/.test(user))
    return 'must have a user of letters, digits and any of . _ ~ + - before "@"';
  if (isToken(user)) return TOKEN;
  const [, ipv6, name, digits] =
    /^(?:\[([0-9a-f:.]+)\]|([^:[\]]*))(?::(\d{1,5}))?$/i.exec(authority.slice(at + 1)) ?? [];
  const host = ipv6 ?? nameOf(name ?? '');
  if (host === undefined || (ipv6 !== undefined && !ipv6.includes(':'))) return HOST;
  if ((ipv6 !== undefined || endsInNumber(host)) && ipAddressOf(host) === undefined) return HOST;
  if (digits !== undefined && (port === 'no port' || Number(digits) < 1 || Number(digits) > 65535)) return HOST;
  return {
    ...(at < 0 ? {} : { user }),
    host: host.toLowerCase(),
    ...(digits === undefined ? {} : { port: Number(digits) }),
  };
}

/** By the prefixes that GitHub and GitLab give theirs; and no server has users of that length. */
function isToken(user: string): boolean {
  return user.length > 64 || /^(gh[oprsu]_|github_pat_|glpat-|gldt-)/.test(user);
}

/** RFC 1123 §2.1, and the underscore that internal names have. */
function nameOf(host: string): string | undefined {
  const name = host.endsWith('.') ? host.slice(0, -1) : host;
  const isLabel = (label: string) => label.length <= 63 && /^\w([\w-]*\w)?$/.test(label);
  return name.length <= 253 && name.split('.').every(isLabel) ? name : undefined;
}

function pathProblem(path: string): string | undefined {
  const bare = path.replace(/^\/+/, '');
  if (bare === '') return NO_PATH;
  if (bare.startsWith('-')) return OPTION;
  // Such a path may be the rest of a password with a "/" in it, so that nothing with one is ever shown.
  if (hasAt(path)) return 'must not contain "@" after the host: a ref has a field of its own, credentials a Secret';
  if (/%(?![0-9a-f]{2})/i.test(path)) return 'must not contain "%" but in percent-encoding';
  if (/%([01][0-9a-f]|7f)/i.test(path)) return 'must not contain control characters, encoded ones neither';
  return undefined;
}
