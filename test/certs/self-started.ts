import type { TestContext } from 'node:test';
import { issueCertificateAuthority } from '../../certs/issue.ts';
import { type SelfOptions, startSelf } from '../../certs/self.ts';
import type { IssuedCertificate } from '../../certs/serving-certificate.ts';
import { base64 } from './base64.ts';
import { type FakeCluster, fakeCluster } from './fake-cluster.ts';
import { manualClock } from './manual-clock.ts';
import { manualPause } from './manual-pause.ts';
import { recordedLog } from './recorded-log.ts';

/** When the tests' clocks start, in ms since 1970. */
export const start = Date.UTC(2026, 10, 21);

interface Started {
  readonly cluster: FakeCluster;
  /** For the pauses between requests; certificates go by another. */
  readonly pauses: ReturnType<typeof manualClock>;
  readonly now: number;
  readonly log: ReturnType<typeof recordedLog>;
}

/** startSelf in a cluster without configurations, unless said; ended with the test. */
export async function started(t: TestContext, options: Partial<Started & SelfOptions> = {}) {
  const { cluster = fakeCluster(), pauses = manualClock(), now = start, log = recordedLog(), ...rest } = options;
  const clock = manualClock(now);
  const renewed: IssuedCertificate[] = [];
  const self = await startSelf({
    client: cluster.client,
    namespace: 'portcullis-system',
    name: 'portcullis',
    secret: 'portcullis-ca',
    names: [],
    onRenewed: (next) => renewed.push(next),
    log,
    time: clock,
    pause: manualPause(pauses),
    ...rest,
  });
  t.after(self.stop);
  return { ...self, cluster, clock, pauses, renewed, log };
}

/** Puts a new CA into the Secret; gives its certificate. */
export async function anotherAuthority(cluster: FakeCluster, days = 3650): Promise<string> {
  const { cert, key } = await issueCertificateAuthority({ now: new Date(start), days });
  cluster.secret = { 'ca.crt': base64(cert), 'ca.key': base64(key) };
  return cert;
}
