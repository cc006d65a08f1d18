import { type FieldError, invalid } from '../../author.ts';
import { parseGitRepo } from '../website/git-address.ts';
import { gitRepoProblem, withoutCredentials } from '../website/git-repo.ts';
import type { HostSettings } from '../website/host-settings.ts';

const NO_KEY = 'must begin with https:// as yet: over SSH git-sync needs a key, and git-secret is not supported yet';

/** What is wrong with the repository that a pod asks for, or undefined; credentials in it are not shown. */
export function repoProblem(repo: string, field: string, hosts?: HostSettings): FieldError | undefined {
  const problem = gitRepoProblem(repo, hosts) ?? keyProblem(repo);
  return problem === undefined ? undefined : invalid(field, withoutCredentials(repo), problem);
}

function keyProblem(repo: string): string | undefined {
  const parts = parseGitRepo(repo);
  return typeof parts === 'string' || parts.scheme === 'https' ? undefined : NO_KEY;
}
