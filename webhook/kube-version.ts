/** A Kubernetes minor version: 1.36 is `{ major: 1, minor: 36 }`. */
export interface KubeVersion {
  readonly major: number;
  readonly minor: number;
}

/** The range of API servers that Portcullis supports (DESIGN.md §11). */
export const OLDEST_KUBE_VERSION: KubeVersion = { major: 1, minor: 20 };
export const NEWEST_KUBE_VERSION: KubeVersion = { major: 1, minor: 36 };

/** As people write it: `1.36`. */
export function versionText({ major, minor }: KubeVersion): string {
  return `${major}.${minor}`;
}

/** Whether a version is that one, or a later one. */
export function isAtLeast(version: KubeVersion, other: KubeVersion): boolean {
  return version.major > other.major || (version.major === other.major && version.minor >= other.minor);
}
