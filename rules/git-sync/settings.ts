import type { FromSchema, Schema } from '../../author.ts';
import { hostSettings } from '../website/host-settings.ts';
import { submoduleSettings } from '../website/submodules.ts';

/** A Kubernetes quantity (apimachinery's resource.Quantity), without signs and exponents. */
const quantity = { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$' } as const;
const quantities = { type: 'object', additionalProperties: quantity } as const;

/** The settings of the rule git-sync: what the operator decides, and no pod's author can. */
export const settings = {
  type: 'object',
  properties: {
    image: {
      type: 'string',
      minLength: 1,
      default: 'registry.k8s.io/git-sync/git-sync:v4.7.1',
      description: 'git-sync v4.7.0 or newer: older ones do not know --init-max-failures and end at once.',
    },
    ...hostSettings,
    ...submoduleSettings,
    resources: {
      type: 'object',
      properties: { requests: quantities, limits: quantities },
      // An autoscaler stops at a container without a request, a quota refuses one without a limit (injection.md §2.3).
      default: { requests: { cpu: '10m', memory: '32Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
      description: 'Requests and limits of the injected container.',
    },
    contentSizeLimit: {
      ...quantity,
      default: '1Gi',
      description: 'How much the checkouts of one pod may take; a pod that takes more is evicted.',
    },
  },
} as const satisfies Schema;

/** `settings`, filled in. */
export type Settings = FromSchema<typeof settings>;
