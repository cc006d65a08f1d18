import type { JsonObject } from '../../webhook/decode.ts';

/** The argument by which git-sync would fetch what the pod asks for, or the Website that it names, to the letter. */
export function wanted(pod: JsonObject, website: unknown): string {
  const { labels, annotations } = pod.metadata as { [map: string]: { [key: string]: string } };
  const named = website as { spec: { gitRepo: string } };
  const isNamed = labels !== undefined && 'extensions.example.com/website' in labels;
  return `--repo=${isNamed ? named.spec.gitRepo : annotations?.['extensions.example.com/git-repo']}`;
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
