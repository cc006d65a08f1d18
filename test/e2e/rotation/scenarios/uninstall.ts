import assert from 'node:assert/strict';
import { eventually } from '../../eventually.ts';
import { ASKING_POD, outcomeOf } from '../../install/load.ts';
import { listOf, NAMESPACE, type Place, USERS } from '../place.ts';

/** The webhooks go, then all else, while the replicas still run: none of them brings anything back. */
export async function uninstall(place: Place): Promise<void> {
  const { plane, client, server } = place;
  await plane.succeeded(['delete', 'mutatingwebhookconfiguration,validatingwebhookconfiguration', 'portcullis']);
  await eventually('nobody is asked any more', async () => {
    assert.equal(await outcomeOf(client, USERS, ASKING_POD), 'taken');
    return true;
  });
  await plane.succeeded(['delete', '--wait=false', '--ignore-not-found', '-f', '-'], { input: listOf(server) });
  const gone = ['get', 'secret', 'portcullis-ca', '-n', NAMESPACE, '--ignore-not-found', '-o', 'name'];
  await eventually('the Secret is gone', async () => (await plane.succeeded(gone)).stdout === '' || undefined);
  const replicas = [...place.replicas];
  await eventually('they have noticed', async () => {
    for (const { log } of replicas) assert.match(log(), /the Secret cannot be read or written/);
    return true;
  });
  await place.endAll();
  const kinds =
    'namespaces,customresourcedefinitions,clusterroles,clusterrolebindings,mutatingwebhookconfigurations,validatingwebhookconfigurations';
  await eventually('nothing is left', async () => {
    const { stdout } = await plane.succeeded(['get', kinds, '-o', 'name']);
    assert.deepEqual(
      stdout.split('\n').filter((name) => /portcullis|extensions\.example\.com/.test(name)),
      [],
    );
    return true;
  });
}
