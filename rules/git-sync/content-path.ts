import { withoutPastedCredentials } from '../website/git-repo.ts';
import { placeOfContent } from './content-place.ts';

/** Where nginx's own image looks for its pages. */
export const DEFAULT_CONTENT_PATH = '/usr/share/nginx/html';

/** A path without `.`, `..`, double and trailing slashes; one that is not absolute starts at `/`, as for the kubelet. */
export function clean(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}`;
}

/**
 * What is wrong with a path at which content is to appear ("must …"), or undefined. A volume is mounted at its parent
 * and hides what the image has there, so parents that hold files of nearly every image are refused (Filesystem
 * Hierarchy Standard 3.0, and where well-known web servers keep their programs).
 */
export function contentPathProblem(path: string): string | undefined {
  if (!path.startsWith('/')) return 'must be an absolute path';
  // 255 is the kernel's limit of a name (NAME_MAX); the API server allows no colon in a mountPath.
  if (!/^[!-9;-~]{2,255}$/.test(path)) return 'must be 2 to 255 printable ASCII characters, none a blank or a colon';
  const cleaned = clean(path);
  const { mountPath, link } = placeOfContent(cleaned);
  // git-sync's own names in the volume: its root, and the link that it renames (publishSymlink in its main.go).
  if (link === 'root' || link === 'tmp-link') return `must not end in /${link}, a name that git-sync needs for itself`;
  if (mountPath === '' || HOLDS_FILES.has(mountPath) || HOLDS_FILES_BELOW.test(mountPath)) {
    return `must lie in a directory of its own, since a volume takes the place of ${mountPath || '/'}, which holds files of the image; or say by mount-path which directory it may take the place of`;
  }
  return path === cleaned
    ? undefined
    : `must be written without ".", "..", "//" and a slash at the end: ${withoutPastedCredentials(cleaned)}`;
}

/** These alone: what lies in a directory below them is somebody's own. */
const HOLDS_FILES = new Set([
  ...['/home', '/opt', '/root', '/srv', '/tmp', '/usr/share', '/var'],
  ...['/var/cache', '/var/lib', '/var/local', '/var/log', '/var/opt', '/var/spool', '/var/tmp'],
]);

/** These and all below: the system, programs with their modules and configuration, and what the kubelet mounts. */
const HOLDS_FILES_BELOW =
  /^\/(bin|boot|dev|etc|lib|lib32|lib64|libx32|opt\/bitnami|proc|run|sbin|sys|usr(?!\/share(\/|$))|var\/run)(\/|$)/;
