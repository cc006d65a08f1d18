import { type Installation, type Manifest, ownMetadata, SELECTED } from './installation.ts';

/** Where API servers find the webhooks: the port that a configuration's clientConfig.service means unless it says another. */
export function service(installation: Installation): Manifest {
  const ports = [{ name: 'webhook', port: 443, protocol: 'TCP', targetPort: 'webhook' }];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: ownMetadata(installation),
    spec: { selector: SELECTED, ports },
  };
}
