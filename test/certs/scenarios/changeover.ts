import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { IssuedCertificate } from '../../../certs/serving-certificate.ts';
import type { ControlPlane } from '../../e2e/control-plane.ts';
import { eventually } from '../../e2e/eventually.ts';
import { reviewed } from '../cluster-reads.ts';
import { installation } from '../installation.ts';
import { manualClock } from '../manual-clock.ts';
import { configurations, service, webhook } from '../webhook.ts';

const day = 86_400_000;

/** Another CA takes the place of the one in use. */
export async function changeover(t: TestContext, plane: ControlPlane): Promise<void> {
  const { name, replica } = await installation(t, plane, 'replaced');
  // For the replicas it is 25 days ago, so that what the old one renews after 20 days is valid now.
  const clock = manualClock(Date.now() - 25 * day);
  let renewed: IssuedCertificate | undefined;
  const old = await replica(t, {
    time: clock,
    onRenewed(next) {
      renewed = next;
    },
  });
  const { server, port } = await webhook(t, old.certificate);
  await plane.applied(service(name));
  await plane.applied(configurations(name, port));
  await eventually('a review', () => reviewed(plane, name));

  await plane.succeeded(['delete', 'secret', 'portcullis-ca', '--namespace', name]);
  const next = await replica(t, { time: manualClock(clock.now().getTime()) });
  assert.notEqual(next.ca, old.ca);
  await reviewed(plane, name);
  server.setSecureContext(next.certificate);
  await reviewed(plane, name);

  await clock.advance(21 * day);
  const successor = await eventually('the renewal', async () => renewed);
  const [authority, leaf] = [new X509Certificate(next.ca), new X509Certificate(successor.cert)];
  assert.ok(leaf.verify(authority.publicKey), 'the old replica has changed over to the new CA');
  server.setSecureContext(successor);
  await reviewed(plane, name);
}
