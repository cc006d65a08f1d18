/** A pod that asks for git-sync and says no more than it must; `spec` and `annotations` are added to that. */
export function webPod(spec: object = {}, annotations: { [name: string]: unknown } = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: 'kubia-',
      labels: { 'extensions.example.com/git-sync': 'true' },
      annotations: prefixed({ 'git-repo': REPO, ...annotations }),
    },
    spec: { containers: [{ name: 'web', image: 'nginx:alpine' }], restartPolicy: 'Always', ...spec },
  };
}

/** A pod that asks for the content of the Website `kubia`, and says no more than it must; the rest is added to that. */
export function websitePod(
  spec: object = {},
  annotations: { [name: string]: unknown } = {},
  labels: { [key: string]: unknown } = {},
): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: 'kubia-',
      labels: { 'extensions.example.com/website': 'kubia', ...labels },
      annotations: prefixed(annotations),
    },
    spec: { containers: [{ name: 'web', image: 'nginx:alpine' }], restartPolicy: 'Always', ...spec },
  };
}

export const REPO = 'https://github.com/luksa/kubia-website-example.git';

/** Annotation names of ours with their prefix; names that have one already stay as they are. */
export function prefixed(annotations: { [name: string]: unknown }): { [key: string]: unknown } {
  const key = (name: string) => (name.includes('/') ? name : `extensions.example.com/${name}`);
  return Object.fromEntries(Object.entries(annotations).map(([name, value]) => [key(name), value]));
}
