import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { ControlPlane } from '../../e2e/control-plane.ts';
import { eventually } from '../../e2e/eventually.ts';
import { text } from '../base64.ts';
import { KINDS } from '../cluster-reads.ts';
import { ALL, installation } from '../installation.ts';
import { recordedLog } from '../recorded-log.ts';
import { configurations } from '../webhook.ts';

/** The roles come one after the other. */
export async function permissions(t: TestContext, plane: ControlPlane): Promise<void> {
  const { name, permit, replica } = await installation(t, plane, 'forbidden');
  await plane.applied(configurations(name, 443));
  await permit([]);
  const log = recordedLog();
  const starting = replica(t, { log });
  const said = (what: RegExp) =>
    eventually(String(what), async () => log.lines.find((line) => what.test(line)), { everyMs: 20 });
  const service = `User \\\\"system:serviceaccount:${name}:${name}\\\\" cannot`;
  await said(new RegExp(`^error: waiting for the CA.*${service} get resource \\\\"secrets\\\\"`));
  await permit(['read the Secret']);
  await said(new RegExp(`^error: waiting for the CA.*${service} create resource \\\\"secrets\\\\"`));
  await permit(['read the Secret', 'make the Secret']);
  const { ca } = await starting;
  await said(new RegExp(`^error: the CA cannot be kept.*${service} get resource \\\\"mutatingwebhookconf`));
  await said(
    new RegExp(`^warn: the configuration cannot be watched.*${service} watch resource \\\\"mutatingwebhookconf`),
  );
  await permit(ALL.filter((permission) => permission !== 'patch configurations'));
  await said(new RegExp(`^error: the CA cannot be kept.*${service} patch resource \\\\"validatingwebhookconf`));
  await permit(ALL);
  for (const kind of KINDS) {
    await eventually(`the CA in the ${kind}`, async () => {
      const { webhooks } = await plane.json(['get', kind, name]);
      return webhooks.every(({ clientConfig }: { clientConfig: { caBundle?: string } }) => {
        return text(clientConfig.caBundle) === ca;
      })
        ? true
        : undefined;
    });
  }
  for (const line of log.lines.filter((line) => line.startsWith('error'))) {
    assert.match(line, /; the roles that \\"portcullis manifests server\\" prints permit it/);
    assert.equal(log.lines.filter((other) => other === line).length, 1, `said once: ${line}`);
  }
}
