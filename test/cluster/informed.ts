import type { TestContext } from 'node:test';
import { connect } from '../../cluster/client.ts';
import { type InformerObserver, startInformer } from '../../cluster/informer.ts';
import { eventually } from '../e2e/eventually.ts';
import { type FakeApiServer, Thing } from './fake-api-server.ts';
import { keptLog } from './log.ts';

/** For `eventually`: the fake answers in milliseconds. */
export const soon = { everyMs: 5, timeoutMs: 10_000 };

/** An informer of the fake's things, which tries again after 10 ms, 20 ms, … 80 ms unless said. */
export async function informed(
  t: TestContext,
  fake: FakeApiServer,
  observe: InformerObserver = {},
  watchSeconds = 5,
  backoff = { firstMs: 10, mostMs: 80 },
) {
  const log = keptLog();
  const client = await connect({ kubeconfig: fake.kubeconfig, environment: {}, watchSeconds, graceMs: 300 });
  t.after(() => client.close());
  const informer = startInformer({ client, kind: Thing, log, observe, backoff, random: () => 1 });
  t.after(() => informer.stop());
  const has = (...names: string[]) =>
    eventually(
      `the cache has ${names}`,
      async () => names.every((name) => informer.get('default', name)) || undefined,
      soon,
    );
  const lacks = (name: string) =>
    eventually(`the cache lacks ${name}`, async () => !informer.get('default', name) || undefined, soon);
  const watching = () => eventually('it is watching', async () => informer.isWatching() || undefined, soon);
  return { informer, client, log, has, lacks, watching };
}
