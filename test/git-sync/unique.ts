import type { JsonObject } from '../../webhook/decode.ts';

/**
 * What the second pod has twice and the first has not, that an API server wants but once: names of containers and
 * volumes, a container's variables, and the paths of its mounts and devices.
 */
export function moreTwice(before: JsonObject, after: JsonObject): string[] {
  const already = twiceIn(before);
  return twiceIn(after).filter((name) => !already.includes(name));
}

function twiceIn(pod: JsonObject): string[] {
  const spec = (pod.spec ?? {}) as { [list: string]: JsonObject[] | null | undefined };
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  return [
    ...twice(containers.map(({ name }) => `container ${name}`)),
    ...twice((spec.volumes ?? []).map(({ name }) => `volume ${name}`)),
    ...containers.flatMap(({ name, volumeMounts, volumeDevices, env }) => [
      ...twice([
        ...objects(volumeMounts).map(({ mountPath }) => `${name}: path ${withoutSlash(mountPath)}`),
        ...objects(volumeDevices).map(({ devicePath }) => `${name}: path ${withoutSlash(devicePath)}`),
      ]),
      ...twice(objects(env).map((variable) => `${name}: variable ${variable.name}`)),
    ]),
  ];
}

function objects(list: unknown): JsonObject[] {
  return Array.isArray(list) ? list : [];
}

function withoutSlash(path: unknown): string {
  return String(path).replace(/(.)\/+$/, '$1');
}

function twice(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}
