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
  /**
   * Those of them that were answered with 401 or 403, while Portcullis was installed: from when its ClusterRoleBinding
   * is made until its namespace is deleted, with all that kubectl deletes after that. Pods may outlive their rights by
   * the length of a drain, and make their rounds.
   */
  readonly refused: readonly string[];
}

/** Of the requests since a moment. */
export async function requestsOfPortcullis(plane: ControlPlane, since: Date): Promise<Requests> {
  const events = await plane.auditEvents();
  const asked = events.filter((event) => isOfPortcullis(event) && new Date(event.requestReceivedTimestamp) >= since);
  const isInstalled = installedWhen(events);
  const refused = asked.filter((event) => [401, 403].includes(event.responseStatus?.code) && isInstalled(event));
  return { all: named(asked), refused: named(refused) };
}

// biome-ignore lint/suspicious/noExplicitAny: an event of the audit log, of which each reads what it needs
type AuditEvent = any;

/** Also without a valid token. */
function isOfPortcullis({ user, userAgent }: AuditEvent): boolean {
  return user?.username === PORTCULLIS || (userAgent === 'portcullis' && !user?.groups?.includes('system:masters'));
}

function named(events: readonly AuditEvent[]): string[] {
  const names = events.map(({ verb, objectRef = {} }) =>
    `${verb} ${[objectRef.resource, objectRef.subresource, objectRef.name].filter(Boolean).join('/')}`.trim(),
  );
  return [...new Set(names)];
}

/** Whether Portcullis was installed when a request arrived, by the log itself. Without an uninstall in it, always. */
function installedWhen(events: readonly AuditEvent[]): (event: AuditEvent) => boolean {
  const changes = events.flatMap(({ verb, objectRef, requestReceivedTimestamp, responseStatus }) => {
    const name = `${objectRef?.resource}/${objectRef?.name}`;
    const begins = verb !== 'delete' && name === 'clusterrolebindings/portcullis' && responseStatus?.code < 300;
    const ends = verb === 'delete' && name === 'namespaces/portcullis-system';
    return begins || ends ? [{ at: Date.parse(requestReceivedTimestamp), begins }] : [];
  });
  changes.sort((one, other) => one.at - other.at);
  return ({ requestReceivedTimestamp }) =>
    changes.findLast(({ at }) => at <= Date.parse(requestReceivedTimestamp))?.begins ?? true;
}
