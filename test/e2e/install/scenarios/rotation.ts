import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { TestContext } from 'node:test';
import { text } from '../../../certs/base64.ts';
import { KINDS } from '../../../certs/cluster-reads.ts';
import { eventually } from '../../eventually.ts';
import type { Outcome } from '../../ran.ts';
import { assertGate } from '../gate.ts';
import type { Installation } from '../installation.ts';

const IN_NAMESPACE = ['-n', 'portcullis-system'];

/** What `kubectl exec deploy/portcullis -- portcullis certs rotate` begins, with a pod's own rights. */
export async function rotation(t: TestContext, cluster: Installation): Promise<void> {
  const { plane } = cluster;
  const secret = async () => (await plane.json([...IN_NAMESPACE, 'get', 'secret', 'portcullis-ca'])).data;
  const before = await secret();
  let next = '';

  await t.test(
    'a next CA is in the Secret, and the replicas have every webhook trust it besides the one in use',
    async () => {
      const { code, stdout, stderr } = await rotated(cluster);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      const after = await secret();
      next = text(after['next.crt']);
      assert.match(
        stdout,
        new RegExp(`^The next CA is in the Secret portcullis-ca: ${new X509Certificate(next).subject}, `),
      );
      assert.equal(text(after['ca.crt']), text(before['ca.crt']) + next);
      assert.equal(after['ca.key'], before['ca.key']);
      for (const kind of KINDS) {
        await eventually(`both CAs in the ${kind}`, async () => {
          const { webhooks } = await plane.json(['get', kind, 'portcullis']);
          for (const { clientConfig } of webhooks) assert.equal(text(clientConfig.caBundle), text(after['ca.crt']));
          return true;
        });
      }
      await assertGate(await cluster.namespace('rotated'));
    },
  );

  await t.test('another one is refused until that one signs, with what it waits for', async () => {
    const { code, stdout } = await rotated(cluster);
    assert.equal(code, 1);
    assert.match(
      stdout,
      /^A rotation is under way since .*\n.*portcullis trusts it; .*portcullis trusts it: 5 minutes after/,
    );
  });
}

async function rotated({ plane, kubelet }: Installation): Promise<Outcome> {
  const { items } = await plane.json([...IN_NAMESPACE, 'get', 'pods']);
  return kubelet.exec(items[0].status.podIP, ['portcullis', 'certs', 'rotate']);
}
