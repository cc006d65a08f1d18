import { posix } from 'node:path';
import type { JsonObject } from '../../webhook/decode.ts';

/** The argument by which git-sync would fetch what the pod asks for, or the Website that it names, to the letter. */
export function wanted(pod: JsonObject, website: unknown): string {
  const { labels, annotations } = pod.metadata as { [map: string]: { [key: string]: string } };
  const named = website as { spec: { gitRepo: string } };
  const isNamed = labels !== undefined && 'extensions.example.com/website' in labels;
  return `--repo=${isNamed ? named.spec.gitRepo : annotations?.['extensions.example.com/git-repo']}`;
}

/** Where the pod asks to see the content, to the letter. */
export function wantedPath({ metadata }: JsonObject): string {
  const { annotations } = metadata as { annotations?: { [key: string]: string } | null };
  const mountPath = annotations?.['extensions.example.com/mount-path'];
  if (mountPath !== undefined) return `${mountPath}/current`;
  return annotations?.['extensions.example.com/content-path'] ?? '/usr/share/nginx/html';
}

/** Where the pod's containers see the content, git-sync's own left out. */
export function servedPaths(pod: JsonObject): string[] {
  const { containers } = pod.spec as { containers: JsonObject[] };
  const link = fetched(pod).find((arg) => arg.startsWith('--link=/git/'));
  const mounts = containers.flatMap(({ name, volumeMounts }) => (name === 'git-sync' ? [] : (volumeMounts ?? [])));
  return (mounts as JsonObject[])
    .filter(({ name, subPath }) => name === 'git-sync-content' && !subPath)
    .map(({ mountPath }) => posix.normalize(`${mountPath}/${link?.slice('--link=/git/'.length)}`));
}

/** The arguments of the pod's git-sync as the kubelet hands them over (its third_party/forked/golang/expansion). */
export function fetched(pod: JsonObject): string[] {
  const { initContainers, containers } = pod.spec as { [list: string]: JsonObject[] | null | undefined };
  const gitSync = [...(initContainers ?? []), ...(containers ?? [])].find(({ name }) => name === 'git-sync');
  return (gitSync?.args as string[] | undefined)?.map(expanded) ?? [];
}

/** Two dollars are one, and a variable that is set is its value. */
function expanded(argument: string): string {
  return argument.replace(/\$\$|\$\(\w+\)/g, (found) => (found === '$$' ? '$' : 'a value'));
}
