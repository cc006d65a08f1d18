import type { Schema } from '../../author.ts';

/**
 * The setting of the hosts that repositories may be on, as `gitRepoProblem` takes it. An address, a host with a port
 * or a bare `*` would never match, and refuse everybody: the configuration says so when it is loaded.
 */
export const allowedHosts = {
  type: 'array',
  items: { type: 'string', pattern: '^((\\*\\.)?[\\w.-]+|[0-9A-Fa-f]*:[0-9A-Fa-f:]*:[0-9A-Fa-f.]*)$' },
  default: [],
  description: 'Hosts that repositories may be on: names, or "*." and a domain for all below it. Empty: any.',
} as const satisfies Schema;
