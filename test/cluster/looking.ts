import type { TestContext } from 'node:test';
import { connect } from '../../cluster/client.ts';
import { type LookupObserver, startLookups } from '../../cluster/lookups.ts';
import { eventually } from '../e2e/eventually.ts';
import { type FakeApiServer, Thing } from './fake-api-server.ts';
import { soon } from './informed.ts';
import { keptLog } from './log.ts';

/** Lookups of the fake's things. A live read may take 200 ms; `is` waits until they are watched, or not. */
export async function looking(
  t: TestContext,
  fake: FakeApiServer,
  { atOnce = 64, observe = {} as LookupObserver, firstMs = 10, isOptional = false } = {},
) {
  const client = await connect({ kubeconfig: fake.kubeconfig, environment: {} });
  t.after(() => client.close());
  const log = keptLog();
  const watching: boolean[] = [];
  const running = startLookups({
    client,
    kinds: [Thing, { ...Thing }],
    isOptional: ({ resource }) => isOptional && resource === Thing.resource,
    log,
    backoff: { firstMs, mostMs: 2 * firstMs },
    liveReadsAtOnce: atOnce,
    liveReadMs: 200,
    observe: { ...observe, watching: (_, is) => watching.push(is) },
  });
  t.after(() => running.stop());
  const find = (name: string, namespace = 'default') => running.lookups.find(Thing, namespace, name);
  const is = (state: boolean) =>
    eventually(`watching: ${state}`, async () => watching.at(-1) === state || undefined, soon);
  return { ...running, find, is, log };
}
