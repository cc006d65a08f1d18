import type { EnvVar } from '../pod/types.ts';

/** The pod's own facts. Each of these paths is allowed in `env` from API server 1.20 on (injection.md §3.1). */
const fields = {
  POD_NAME: 'metadata.name',
  POD_NAMESPACE: 'metadata.namespace',
  POD_UID: 'metadata.uid',
  POD_IP: 'status.podIP',
  NODE_NAME: 'spec.nodeName',
  HOST_IP: 'status.hostIP',
  SERVICE_ACCOUNT_NAME: 'spec.serviceAccountName',
} as const;

/**
 * The container's own requests and limits, each with its divisor: whole millicores and whole bytes, rounded up. A limit
 * that is not set reads as what the node has to give.
 */
const resources = {
  CONTAINER_CPU_REQUEST_MILLICORES: ['requests.cpu', '1m'],
  CONTAINER_CPU_LIMIT_MILLICORES: ['limits.cpu', '1m'],
  CONTAINER_MEMORY_REQUEST_BYTES: ['requests.memory', '1'],
  CONTAINER_MEMORY_LIMIT_BYTES: ['limits.memory', '1'],
} as const;

type Field = keyof typeof fields;
type Resource = keyof typeof resources;

/** The names of all variables, in the order in which a container gets them. */
export const variableNames = [...Object.keys(fields), ...Object.keys(resources)] as (Field | Resource)[];

/**
 * The variables as a container's `env` carries them, new objects at every call, in their own order. `apiVersion` and
 * `divisor` are what the API server would fill in: left out, they would show as a difference ever after.
 */
export function downwardEnv(names: readonly (Field | Resource)[], prefix: string): EnvVar[] {
  return variableNames
    .filter((name) => names.includes(name))
    .map((name) => ({ name: `${prefix}${name}`, valueFrom: sourceOf(name) }));
}

function sourceOf(name: Field | Resource): NonNullable<EnvVar['valueFrom']> {
  if (name in fields) return { fieldRef: { apiVersion: 'v1', fieldPath: fields[name as Field] } };
  const [resource, divisor] = resources[name as Resource];
  return { resourceFieldRef: { resource, divisor } };
}
