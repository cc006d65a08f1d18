import { withoutPastedCredentials } from '../website/git-repo.ts';
import { clean } from './content-path.ts';

/**
 * What is wrong with a path at which git-sync's volume is to be mounted ("must …"), or undefined. Whoever names one says
 * that the volume may take the place of what the image has there; of directories without which nothing runs, nobody
 * means it.
 */
export function mountPathProblem(path: string): string | undefined {
  if (!path.startsWith('/')) return 'must be an absolute path';
  // As for content-path: the API server allows no colon in a mountPath.
  if (!/^[!-9;-~]{1,255}$/.test(path)) return 'must be 1 to 255 printable ASCII characters, none a blank or a colon';
  const cleaned = clean(path);
  if (NEEDED.test(cleaned)) {
    return `must be a directory of its own, such as /srv/website: a volume at ${cleaned} hides what every program needs`;
  }
  return path === cleaned
    ? undefined
    : `must be written without ".", "..", "//" and a slash at the end: ${withoutPastedCredentials(cleaned)}`;
}

/** The first line these alone, the second all below them too (Filesystem Hierarchy Standard 3.0; the kernel's own). */
const NEEDED = new RegExp(
  '^(/(etc|home|media|mnt|opt|root|run|srv|tmp|usr|usr/(bin|lib|lib32|lib64|libexec|local|sbin|share)|usr/local/(bin|lib|sbin)|var|var/(cache|lib|log|run|spool|tmp))?' +
    '|/(bin|boot|dev|lib|lib32|lib64|libx32|proc|sbin|sys|var/run/secrets|run/secrets)(/.*)?)$',
);
