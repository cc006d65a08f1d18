import { containerOf, type Pod } from './pod.ts';

/**
 * The environment of a pod's container, as the kubelet resolves it on top of what is `given` by the image and for the
 * API server's Service. Throws for a source that it does not know.
 */
export function environmentOf(
  pod: Pod,
  podIP: string,
  given: { readonly [name: string]: string },
): { [name: string]: string } {
  const { env = [], envFrom } = containerOf(pod);
  if (envFrom !== undefined) throw new Error('the stand-in of a kubelet knows no envFrom');
  const environment = { ...given };
  for (const { name, value = '', valueFrom } of env) {
    environment[name] =
      valueFrom === undefined ? expanded(value, environment) : fieldOf(pod, podIP, valueFrom.fieldRef?.fieldPath);
  }
  return environment;
}

/** `$(NAME)` is what was said of NAME before, and stays as it is where nothing was; `$$` is a `$`. */
function expanded(value: string, known: { readonly [name: string]: string }): string {
  return value.replace(/\$\$|\$\(([^)]+)\)/g, (text, name: string | undefined) =>
    name === undefined ? '$' : (known[name] ?? text),
  );
}

function fieldOf({ metadata, spec }: Pod, podIP: string, path = ''): string {
  const fields: { readonly [path: string]: string | undefined } = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'spec.nodeName': spec.nodeName,
    'spec.serviceAccountName': spec.serviceAccountName,
    'status.podIP': podIP,
  };
  const value = fields[path];
  if (value === undefined) throw new Error(`the stand-in of a kubelet knows no variable from "${path}"`);
  return value;
}
