import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where one control plane keeps its things, and the ports of its programs. */
export interface Place {
  readonly files: ReturnType<typeof filesOf>;
  /** The administrator's, in the group system:masters. */
  readonly token: string;
  readonly ports: {
    readonly etcd: number;
    readonly etcdPeer: number;
    readonly apiServer: number;
    readonly controllerManager: number;
  };
}

/** The names of the files in a control plane's folder, as paths. */
export function filesOf(folder: string) {
  return {
    kubeconfig: join(folder, 'kubeconfig'),
    tokens: join(folder, 'tokens.csv'),
    serviceAccountKey: join(folder, 'service-account.key'),
    serviceAccountPublicKey: join(folder, 'service-account.pub'),
    auditPolicy: join(folder, 'audit-policy.json'),
    auditLog: join(folder, 'audit.log'),
    /** The API server makes its serving certificate itself and leaves it here, its CA behind it. */
    certificates: join(folder, 'certificates'),
  } as const;
}

/** Writes what the programs read at their start. */
export async function writeFiles(place: Place): Promise<void> {
  const { files } = place;
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await Promise.all([
    writeFile(files.serviceAccountKey, keys.privateKey.export({ type: 'sec1', format: 'pem' })),
    writeFile(files.serviceAccountPublicKey, keys.publicKey.export({ type: 'spki', format: 'pem' })),
    writeFile(files.tokens, `${place.token},admin,admin,"system:masters"\n`),
    writeFile(files.kubeconfig, JSON.stringify(kubeconfig(place))),
    writeFile(files.auditPolicy, JSON.stringify(AUDIT_POLICY)),
  ]);
}

function kubeconfig(place: Place) {
  const cluster = {
    server: `https://127.0.0.1:${place.ports.apiServer}`,
    'certificate-authority': join(place.files.certificates, 'apiserver.crt'),
  };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'admin', user: { token: place.token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin', namespace: 'default' } }],
    'current-context': 'test',
  };
}

/** Requests carry the patches of mutating webhooks, responses the words of those that refuse. */
const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'None', verbs: ['get', 'list', 'watch'] }, { level: 'RequestResponse' }],
};
