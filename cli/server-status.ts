import type { CertificateState } from '../certs/certificate-state.ts';
import type { ServingCertificate } from '../certs/serving-certificate.ts';
import type { ClusterAccess } from './cluster.ts';
import type { Config } from './config.ts';
import type { Environment } from './environment.ts';
import type { HashedRules } from './hashed-rules.ts';
import type { LiveRegistration } from './live-registration.ts';
import { isInPod, mending } from './mending.ts';
import { type Status, statusOf } from './status-report.ts';
import { ownVersion } from './version.ts';

/** What a server has come to, as far as it has come. */
export interface ServerState {
  /** What is served with at this moment. */
  readonly certificate?: ServingCertificate;
  readonly certificateState?: () => CertificateState;
  readonly cluster?: ClusterAccess;
  readonly live?: LiveRegistration;
}

/** How a server is now. */
export function serverStatus(
  { certificate, certificateState, cluster, live }: ServerState,
  {
    config,
    hashed,
    unready,
  }: { readonly config: Config; readonly hashed: HashedRules; readonly unready: readonly string[] },
  environment: Environment,
): Status {
  const client = cluster?.client;
  const kubeVersion = cluster?.kubeVersion();
  const place = { inPod: isInPod(config, environment), apiServer: kubeVersion };
  return statusOf({
    now: new Date(),
    portcullis: ownVersion() ?? 'unknown',
    unready,
    rules: hashed.rules,
    rulesSha256: hashed.sha256,
    certificate:
      certificate === undefined || certificateState === undefined
        ? undefined
        : { mode: config.certificate.mode, served: certificate.cert, state: certificateState() },
    cluster: client === undefined || live === undefined ? undefined : { server: client.server, kubeVersion, live },
    lookups: cluster?.states() ?? [],
    mend: mending(config, live?.configurations() ?? [], place),
  });
}
