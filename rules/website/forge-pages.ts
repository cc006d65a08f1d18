import type { GitRepo } from './git-address.ts';

const PAGE = 'must be the repository and not a page of it: a branch, tag or commit goes into the ref';
const OWNER = 'must name an owner and a repository: this host has them as owner/repository';

/**
 * What is wrong with an address that is certain to be a page of a forge and no repository, as a sentence that begins
 * with "must", or undefined: cloning it always fails. That is known of the public forges alone.
 */
export function pageProblem(repo: GitRepo): string | undefined {
  const forge = FORGES.get(repo.host);
  if (forge === undefined) return undefined;
  const segments = segmentsOf(repo);
  if (segments.length < 2) return OWNER;
  return forge(segments) === undefined ? undefined : PAGE;
}

/** Whether the address looks like a page of a forge, on whatever host; another server may have a repository there. */
export function looksLikePage(repo: GitRepo): boolean {
  return repositoryOfPage(repo) !== undefined;
}

/** Of an address that looks like a page: the path of its repository, in the form of the address. */
export function repositoryOfPage(repo: GitRepo): string | undefined {
  const segments = segmentsOf(repo);
  const count = (FORGES.get(repo.host) ?? anyForge)(segments);
  if (count === undefined) return undefined;
  return (repo.path.startsWith('/') ? '/' : '') + segments.slice(0, count).join('/');
}

/** How many of the segments are the repository's, where those after them make a page of it. */
type Forge = (segments: readonly string[]) => number | undefined;

/** GitHub and Forgejo: OWNER/NAME is a repository, and nothing below it. */
const flat: Forge = ({ length }) => (length > 2 ? 2 : undefined);

/** GitLab: groups are nested; no group and no project is called "-", "tree" or "blob" (its reserved names). */
const gitlab: Forge = (segments) => {
  const end = segments.findIndex((segment, i) => i >= 2 && ['-', 'tree', 'blob'].includes(segment));
  return end < 0 ? undefined : end;
};

/** Bitbucket: WORKSPACE/NAME, with a repository of its own below it for the wiki. */
const bitbucket: Forge = ([, , third = '']) =>
  ['src', 'raw', 'branch', 'branches', 'commits', 'downloads', 'issues', 'pull-requests'].includes(third)
    ? 2
    : undefined;

/** GitLab's `/-/tree/`, GitHub's `/tree/` and Forgejo's `/src/branch/`, wherever they are served. */
const anyForge: Forge = (segments) => {
  const dash = segments.findIndex((segment, i) => i >= 2 && segment === '-' && segments.length > i + 1);
  if (dash >= 0) return dash;
  const below = segments.slice(2).join('/');
  return /^((tree|blob)\/.|src\/(branch|tag|commit)\/)/.test(below) ? 2 : undefined;
};

const FORGES: ReadonlyMap<string, Forge> = new Map([
  ['github.com', flat],
  ['www.github.com', flat],
  ['codeberg.org', flat],
  ['gitlab.com', gitlab],
  ['bitbucket.org', bitbucket],
]);

function segmentsOf({ path }: GitRepo): string[] {
  return path.split('/').filter((segment) => segment !== '');
}
