import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControlPlane } from '../control-plane.ts';

/** Who Portcullis is in the cluster. */
const PORTCULLIS = 'system:serviceaccount:portcullis-system:portcullis';

/**
 * The API server's flags for an audit log of all requests, reads too, but for the reads of the control plane's own parts.
 * The policy is written to the folder.
 */
export async function auditingReads(folder: string): Promise<string[]> {
  const file = join(folder, 'audit-policy.json');
  const own = ['system:masters', 'system:serviceaccounts:kube-system'];
  const policy = {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [{ level: 'None', verbs: ['get', 'list', 'watch'], userGroups: own }, { level: 'Metadata' }],
  };
  await writeFile(file, JSON.stringify(policy));
  return [`--audit-policy-file=${file}`];
}

/** What Portcullis asked of the API server, by the audit log. */
export interface Requests {
  /** `verb resource/name`, each once. */
  readonly all: readonly string[];
  /** Those of them that were answered with 401 or 403, and whatever else a Portcullis without a valid token asked. */
  readonly refused: readonly string[];
}

/** Of the requests since a moment. */
export async function requestsOfPortcullis(plane: ControlPlane, since: Date): Promise<Requests> {
  const events = (await plane.auditEvents()).filter(({ user, userAgent, requestReceivedTimestamp }) => {
    const isOurs =
      user?.username === PORTCULLIS || (userAgent === 'portcullis' && !user?.groups?.includes('system:masters'));
    return isOurs && new Date(requestReceivedTimestamp) >= since;
  });
  const named = (all: typeof events): string[] => [
    ...new Set(
      all.map(({ verb, objectRef = {} }) =>
        `${verb} ${[objectRef.resource, objectRef.subresource, objectRef.name].filter(Boolean).join('/')}`.trim(),
      ),
    ),
  ];
  const isRefused = ({ responseStatus }: (typeof events)[number]): boolean => [401, 403].includes(responseStatus?.code);
  return { all: named(events), refused: named(events.filter(isRefused)) };
}
