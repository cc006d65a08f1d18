import { hostname } from 'node:os';
import type { ClusterClient } from '../../../cluster/client.ts';

/** How often a kubelet renews its Lease; without a renewal for 40 s the node is taken for lost. */
const RENEWAL_MS = 10_000;

/** Registers a Node that is ready, as a kubelet does, and keeps it so until `stop`. */
export async function registerNode(client: ClusterClient, name: string): Promise<{ stop(): void }> {
  const heartbeat = new Date().toISOString();
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'KubeletReady',
    message: 'a stand-in of the tests',
    lastHeartbeatTime: heartbeat,
    lastTransitionTime: heartbeat,
  };
  const capacity = { cpu: '4', memory: '8Gi', pods: '110' };
  const labels = { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' };
  const addresses = [{ type: 'Hostname', address: hostname() }];
  const status = { conditions: [ready], capacity, allocatable: capacity, addresses };
  await client.request('POST', '/api/v1/nodes', {
    body: { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, status },
  });
  const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
  const spec = () => ({ holderIdentity: name, leaseDurationSeconds: 40, renewTime: microTime(new Date()) });
  await client.request('POST', leases, {
    body: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name }, spec: spec() },
  });
  const renewal = setInterval(() => {
    const options = { body: { spec: spec() }, contentType: 'application/merge-patch+json' };
    // A node whose Lease could not be renewed goes on, and tries again.
    client.request('PATCH', `${leases}/${name}`, options).catch(() => {});
  }, RENEWAL_MS);
  return { stop: () => clearInterval(renewal) };
}

/** As a Lease carries it: with six digits after the second. */
function microTime(time: Date): string {
  return time.toISOString().replace('Z', '000Z');
}
