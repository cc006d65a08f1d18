import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Cluster } from '../cluster.ts';
import { eventually } from '../eventually.ts';
import { KUBIA, website } from '../objects.ts';
import { done } from '../said.ts';

/** A Portcullis that is told to end goes on serving until the API server may have learned of it. */
export async function drain(t: TestContext, cluster: Cluster): Promise<void> {
  const kubectl = await cluster.namespace('drain');
  const create = () => kubectl(['create', '--dry-run=server', '-f', '-'], website({ name: 'web' }, { gitRepo: KUBIA }));
  const created = done('website.extensions.example.com/web created (server dry run)\n');

  await t.test('it is not ready, answers all that comes in the time that it was given, and ends', async () => {
    const drainSeconds = 3;
    await cluster.restart({ drainSeconds });
    const { healthUrl } = cluster.portcullis;
    const began = performance.now();
    const ended = cluster.end();
    const reason = await eventually('it is not ready', async () => {
      const ready = await fetch(`${healthUrl}/readyz`);
      return ready.status === 503 ? ((await ready.json()) as { message: string }).message : undefined;
    });
    assert.equal(reason, 'not ready: the server is ending');
    let answered = 0;
    for (;;) {
      const outcome = await create();
      if (performance.now() - began > drainSeconds * 1000) break;
      assert.deepEqual(outcome, created);
      answered++;
    }
    assert.ok(answered > 0);
    await ended;
    assert.equal((await create()).code, 1);
    await cluster.restart();
    assert.deepEqual(await create(), created);
  });
}
