/** What pods and namespaces say to the built-in rules. */
export const GIT_SYNC = 'extensions.example.com/git-sync';
export const WEBSITE = 'extensions.example.com/website';
export const DOWNWARD_API = 'extensions.example.com/downward-api';
export const GIT_REPO = 'extensions.example.com/git-repo';

/** The address of the example, which is in order. */
export const KUBIA = 'https://github.com/luksa/kubia-website-example.git';

/** A document for `kubectl apply -f -`: a Website. */
export function website(metadata: object, spec: object): string {
  return JSON.stringify({ apiVersion: 'extensions.example.com/v1', kind: 'Website', metadata, spec });
}

/** A document for `kubectl apply -f -`: a Pod of one container. */
export function pod(metadata: object, container: object = {}): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata, spec: podSpec(container) });
}

/** A document for `kubectl apply -f -`: a Deployment of one Pod, selected by `app`, its name. */
export function deployment(name: string, metadata: { labels: object; annotations: object }, container = {}): string {
  const labels = { app: name, ...metadata.labels };
  const template = { metadata: { ...metadata, labels }, spec: podSpec(container) };
  const spec = { replicas: 1, selector: { matchLabels: { app: name } }, template };
  return JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec });
}

function podSpec(container: object): object {
  return { containers: [{ name: 'web', image: 'nginx:1.29', ...container }] };
}
