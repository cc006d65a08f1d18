import type { FromSchema, Schema } from '../../author.ts';
import { hostSettings } from '../website/host-settings.ts';
import { periodSettings } from '../website/period-settings.ts';
import { submoduleSettings } from '../website/submodules.ts';

/** A Kubernetes quantity (apimachinery's resource.Quantity), without signs and exponents. */
const quantity = { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$' } as const;
const quantities = { type: 'object', additionalProperties: quantity } as const;

/** What git-sync gives a fetch unless told (its --sync-timeout), in seconds. */
export const GIT_SYNC_TIMEOUT = 120;

/** The settings of the rule git-sync: what the operator decides, and no pod's author can. */
export const settings = {
  type: 'object',
  properties: {
    image: {
      type: 'string',
      minLength: 1,
      default: 'registry.k8s.io/git-sync/git-sync:v4.7.1',
      description:
        'git-sync v4.7.0 or newer: older ones do not know --init-max-failures and end at once. Nodes pull it as they do the images of the pod: with the pull secrets of the pod or its ServiceAccount.',
    },
    ...hostSettings,
    ...submoduleSettings,
    ...periodSettings,
    fetchTimeoutSeconds: {
      type: 'integer',
      minimum: 10,
      maximum: 3600,
      default: GIT_SYNC_TIMEOUT,
      description: 'How long one fetch may take: the first one of a large repository takes longest.',
    },
    sidecar: {
      type: 'string',
      enum: ['auto', 'native', 'classic'],
      default: 'auto',
      description:
        'native: an init container that runs on, for nodes from 1.29 on. classic: a container beside the others. auto: native where the API server is 1.32 or newer, since its nodes may be three minors older; classic where its version is not known.',
    },
    runAsUser: {
      type: 'integer',
      minimum: 1,
      maximum: 2147483647,
      nullable: true,
      default: 65533,
      description:
        'The user of the injected container; 65533 is that of its image. null: none, for a platform that assigns one, as OpenShift does. Over SSH it must be in /etc/passwd, where 65533 is, or what the platform puts there.',
    },
    resources: {
      type: 'object',
      properties: { requests: quantities, limits: quantities },
      // An autoscaler stops at a container without a request, a quota refuses one without a limit (injection.md §2.3).
      default: { requests: { cpu: '10m', memory: '32Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
      description:
        'Requests and limits of the injected container, but for what the pod has a budget of (spec.resources). A pod of the class Guaranteed stays one where both are the same.',
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
