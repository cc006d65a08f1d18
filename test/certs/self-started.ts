import type { TestContext } from 'node:test';
import { type SelfOptions, startSelf } from '../../certs/self.ts';
import type { IssuedCertificate } from '../../certs/serving-certificate.ts';
import { base64 } from './base64.ts';
import { type FakeCluster, fakeCluster } from './fake-cluster.ts';
import { fastIssuer } from './fast-issuer.ts';
import { manualClock } from './manual-clock.ts';
import { recordedLog } from './recorded-log.ts';

/** When the tests' clocks start, in ms since 1970. */
export const start = Date.UTC(2026, 10, 21);

interface Started {
  readonly cluster: FakeCluster;
  readonly clock: ReturnType<typeof manualClock>;
  readonly log: ReturnType<typeof recordedLog>;
}

/** startSelf in a cluster without configurations, unless said; ended with the test. */
export async function started(t: TestContext, options: Partial<Started & SelfOptions> = {}) {
  const { cluster = fakeCluster(), clock = manualClock(start), log = recordedLog(), ...rest } = options;
  const renewed: IssuedCertificate[] = [];
  const self = await startSelf({
    client: cluster.client,
    namespace: 'portcullis-system',
    name: 'portcullis',
    secret: 'portcullis-ca',
    names: [],
    onRenewed: (next) => renewed.push(next),
    log,
    clock,
    issuer: fastIssuer,
    ...rest,
  });
  t.after(self.stop);
  // Its first round.
  await clock.advance(0);
  return { ...self, cluster, clock, renewed, log };
}

/** Puts a new CA into the Secret; gives its certificate. */
export async function anotherAuthority(cluster: FakeCluster, days = 3650): Promise<string> {
  const { cert, key } = await fastIssuer.authority({ now: new Date(start), days });
  cluster.secret = { 'ca.crt': base64(cert), 'ca.key': base64(key) };
  return cert;
}
