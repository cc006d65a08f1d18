import type { Pod } from '../pod/types.ts';
import type { Workload } from './workloads.ts';

/** What comes of a template. */
export interface PodInside {
  /** Not more than what the template says of it, and shared with the workload: not to be changed. */
  readonly pod: Pod;
  /** What a field of the pod is called in the workload; for '' the template itself. */
  readonly fieldIn: (field: string) => string;
}

/** The pod that a controller would make of the workload's template; one that asks for nothing where there is none. */
export function podInside(workload: Workload): PodInside {
  const path = pathIn(workload);
  const { metadata, spec } = recordOf(templateIn(workload));
  const claims = claimsOf(workload);
  const volumes = listOf(recordOf(spec).volumes);
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: recordOf(metadata),
    spec: claims.length === 0 ? spec : { ...recordOf(spec), volumes: [...volumes, ...claims] },
  };
  const fieldIn = (field: string): string => {
    const [, index = '-1', rest = ''] = /^spec\.volumes\[(\d+)\]\.(.*)/.exec(field) ?? [];
    if (Number(index) < volumes.length) return [...path, ...(field === '' ? [] : [field])].join('.');
    return `spec.volumeClaimTemplates[${Number(index) - volumes.length}].metadata.${rest}`;
  };
  return { pod: pod as unknown as Pod, fieldIn };
}

/** The workload's template as it came, whatever it is. */
export function templateIn(workload: Workload): unknown {
  return pathIn(workload).reduce<unknown>((value, step) => recordOf(value)[step], workload);
}

function pathIn({ kind }: Workload): readonly string[] {
  return kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template'] : ['spec', 'template'];
}

/** The volumes that each pod of a StatefulSet has besides those of its template (pkg/controller/statefulset). */
function claimsOf({ kind, spec }: Workload): object[] {
  if (kind !== 'StatefulSet') return [];
  return listOf(recordOf(spec).volumeClaimTemplates).map((claim) => {
    const { name } = recordOf(recordOf(claim).metadata);
    return { name, persistentVolumeClaim: { claimName: name } };
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function recordOf(value: unknown): { readonly [member: string]: unknown } {
  return typeof value === 'object' && value !== null ? (value as { readonly [member: string]: unknown }) : {};
}
