import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { TestContext } from 'node:test';
import { issueCertificateAuthority } from '../../../certs/issue.ts';
import { SELF_TIMES } from '../../../certs/self-times.ts';
import type { IssuedCertificate } from '../../../certs/serving-certificate.ts';
import type { ControlPlane } from '../../e2e/control-plane.ts';
import { eventually } from '../../e2e/eventually.ts';
import { base64, text } from '../base64.ts';
import { reviewed, secretOf } from '../cluster-reads.ts';
import { installation } from '../installation.ts';
import { configurations, service, webhook } from '../webhook.ts';

/** Another CA takes the place of the one in use, as when a backup is restored. */
export async function changeover(t: TestContext, plane: ControlPlane): Promise<void> {
  const { name, replica } = await installation(t, plane, 'replaced');
  let renewed: IssuedCertificate | undefined;
  const old = await replica(t, {
    times: { ...SELF_TIMES, roundMs: 500 },
    onRenewed(next) {
      renewed = next;
      server.setSecureContext(next);
    },
  });
  const { server, port } = await webhook(t, old.certificate);
  await plane.applied(service(name));
  await plane.applied(configurations(name, port));
  await eventually('a review', () => reviewed(plane, name));

  const { cert, key } = await issueCertificateAuthority({ now: new Date(), days: 10 });
  const data = { 'ca.crt': base64(cert), 'ca.key': base64(key) };
  await plane.succeeded(['replace', '-f', '-'], { input: JSON.stringify({ ...(await secretOf(plane, name)), data }) });
  while (renewed === undefined) await reviewed(plane, name);
  const successor: IssuedCertificate = renewed;
  assert.ok(new X509Certificate(successor.cert).verify(new X509Certificate(cert).publicKey), 'the new CA signed it');
  await reviewed(plane, name);
  const kept = await eventually('the old CA in the Secret', async () => {
    const { data } = await secretOf(plane, name);
    return text(data['ca.crt']).includes(old.ca) ? data : undefined;
  });
  assert.equal(text(kept['ca.crt']), cert + old.ca);
}
