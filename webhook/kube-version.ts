/** A Kubernetes minor version: 1.36 is `{ major: 1, minor: 36 }`. */
export interface KubeVersion {
  readonly major: number;
  readonly minor: number;
}

/** The range of API servers that Portcullis supports (DESIGN.md §11). */
export const OLDEST_KUBE_VERSION: KubeVersion = { major: 1, minor: 20 };
export const NEWEST_KUBE_VERSION: KubeVersion = { major: 1, minor: 36 };

/**
 * The version in what people and programs write: 1.32, v1.28.3+k3s1. Undefined for what is none, and for one that is older
 * than Portcullis supports.
 */
export function kubeVersionIn(text: string): KubeVersion | undefined {
  const [, major, minor] = /^v?(\d{1,3})\.(\d{1,3})(?:[.+-].*)?$/.exec(text) ?? [];
  // Every rule gets this very object.
  const version = Object.freeze({ major: Number(major), minor: Number(minor) });
  return version.major === OLDEST_KUBE_VERSION.major && isAtLeast(version, OLDEST_KUBE_VERSION) ? version : undefined;
}

/** As people write it: `1.36`. */
export function versionText({ major, minor }: KubeVersion): string {
  return `${major}.${minor}`;
}

/** Whether a version is that one, or a later one. */
export function isAtLeast(version: KubeVersion, other: KubeVersion): boolean {
  return version.major > other.major || (version.major === other.major && version.minor >= other.minor);
}
