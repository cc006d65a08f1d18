import type { FromSchema, Schema } from '../../author.ts';

/**
 * The settings of the hosts that repositories may be on, for every rule that asks `gitRepoProblem`. An address, a host
 * with a port or a bare `*` among `allowedHosts` would never match, and refuse everybody: the configuration says so when
 * it is loaded. Git servers within the network are common, so `privateHosts` has to be said to be refused.
 */
export const hostSettings = {
  allowedHosts: {
    type: 'array',
    items: { type: 'string', pattern: '^((\\*\\.)?[\\w.-]+|[0-9A-Fa-f]*:[0-9A-Fa-f:]*:[0-9A-Fa-f.]*)$' },
    default: [],
    description:
      'Hosts that repositories may be on: names, or "*." and a domain for all below it. Empty: any, but for loopback, link-local and metadata addresses and the API server, which have to be named one by one.',
  },
  privateHosts: {
    type: 'string',
    enum: ['allow', 'refuse'],
    default: 'allow',
    description:
      'Whether repositories may be on private addresses, names of the cluster and other names that are no public ones, where allowedHosts does not name the host.',
  },
} as const satisfies { [setting: string]: Schema };

/** `hostSettings`, filled in. */
export type HostSettings = FromSchema<{ readonly type: 'object'; readonly properties: typeof hostSettings }>;
