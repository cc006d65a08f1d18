import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Place } from './control-plane-files.ts';

/** Nothing of etcd's outlives the test, so nothing needs to reach the disk. */
export function etcdFlags({ ports }: Place): string[] {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return [
    '--data-dir=etcd',
    '--unsafe-no-fsync',
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // A single member elects itself only after the timeout, a second unless told.
    '--heartbeat-interval=10',
    '--election-timeout=100',
  ];
}

/** RBAC, users by token, service accounts with keys of our own, all of it on loopback. */
export function apiServerFlags({ files, ports }: Place, audit: boolean): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    // Should another control plane's etcd have been faster on that port, the two still share no object.
    `--etcd-prefix=/${randomUUID()}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${ports.apiServer}`,
    `--cert-dir=${files.certificates}`,
    '--allow-privileged=true',
    '--authorization-mode=RBAC',
    `--token-auth-file=${files.tokens}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${files.serviceAccountPublicKey}`,
    `--service-account-signing-key-file=${files.serviceAccountKey}`,
    ...(audit ? [`--audit-policy-file=${files.auditPolicy}`, `--audit-log-path=${files.auditLog}`] : []),
  ];
}

/** `minor` is the API server's: 20 for 1.20. */
export function controllerManagerFlags({ files, ports }: Place, minor: number): string[] {
  return [
    `--kubeconfig=${files.kubeconfig}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${ports.controllerManager}`,
    // Until 1.23 it also listens in the clear, on 10252 unless told; 1.24 knows the flag no more.
    ...(minor < 24 ? ['--port=0'] : []),
    `--service-account-private-key-file=${files.serviceAccountKey}`,
    // What pods are given to know the API server by, beside their token.
    `--root-ca-file=${join(files.certificates, 'apiserver.crt')}`,
    '--use-service-account-credentials',
    '--leader-elect=false',
    // Its own limit of 20 requests a second would be half of the time that a start takes.
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
  ];
}
