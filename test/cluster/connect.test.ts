import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect } from '../../cluster/client.ts';
import { emptyFolder } from '../certs/empty-folder.ts';
import { credentialOf } from './bent-kubeconfig.ts';
import { type FakeApiServer, fakeApiServer, refuse, TOKEN } from './fake-api-server.ts';

/** A folder as the kubelet mounts it into a pod. */
async function pod(t: TestContext, fake: FakeApiServer) {
  const folder = await emptyFolder(t);
  await writeFile(join(folder, 'ca.crt'), fake.ca);
  await writeFile(join(folder, 'token'), 'of-the-pod\n');
  const environment = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: new URL(fake.url).port };
  return { serviceAccountFolder: folder, environment };
}

test('a pod uses its service account, even where there is a kubeconfig', async (t) => {
  const fake = await fakeApiServer(t);
  const { serviceAccountFolder, environment } = await pod(t, fake);
  const options = { serviceAccountFolder, environment: { ...environment, KUBECONFIG: fake.kubeconfig } };
  assert.equal(await credentialOf(t, fake, options), 'Bearer of-the-pod');
});

test('a kubeconfig that was named goes before the service account', async (t) => {
  const fake = await fakeApiServer(t);
  const options = { ...(await pod(t, fake)), kubeconfig: fake.kubeconfig };
  assert.equal(await credentialOf(t, fake, options), `Bearer ${TOKEN}`);
});

test('a token that the kubelet renewed is used within a minute, and at once when the old one is refused', async (t) => {
  const fake = await fakeApiServer(t);
  const options = await pod(t, fake);
  const client = await connect(options);
  t.after(() => client.close());
  const ask = async () => {
    await client.request('GET', '/version').catch(() => {});
    return fake.asked.at(-1)?.headers.authorization;
  };
  assert.equal(await ask(), 'Bearer of-the-pod');
  const start = Date.now();
  t.mock.timers.enable({ apis: ['Date'], now: start });
  await writeFile(join(options.serviceAccountFolder, 'token'), 'second');
  t.mock.timers.setTime(start + 62_000);
  assert.equal(await ask(), 'Bearer second');
  await writeFile(join(options.serviceAccountFolder, 'token'), 'third');
  t.mock.timers.setTime(start + 75_000);
  fake.instead('other', (_, response) => refuse(response, 401, { reason: 'Unauthorized' }));
  assert.equal(await ask(), 'Bearer second');
  // It is read in the meantime.
  while ((await ask()) !== 'Bearer third') assert.ok(fake.asked.length < 1000, 'never read again');
});

test('while a token cannot be read again, the one before is used', async (t) => {
  const fake = await fakeApiServer(t);
  const options = await pod(t, fake);
  const client = await connect(options);
  t.after(() => client.close());
  const start = Date.now();
  t.mock.timers.enable({ apis: ['Date'], now: start });
  await rm(join(options.serviceAccountFolder, 'token'));
  t.mock.timers.setTime(start + 62_000);
  await client.request('GET', '/version');
  assert.equal(fake.asked.at(-1)?.headers.authorization, 'Bearer of-the-pod');
  await writeFile(join(options.serviceAccountFolder, 'token'), 'second');
  await client.request('GET', '/version');
  assert.equal(fake.asked.at(-1)?.headers.authorization, 'Bearer second');
});

test('$KUBECONFIG and ~/.kube/config are found, the first of which goes before the second', async (t) => {
  const fake = await fakeApiServer(t);
  const HOME = await emptyFolder(t);
  await mkdir(join(HOME, '.kube'));
  await writeFile(join(HOME, '.kube/config'), (await readFile(fake.kubeconfig, 'utf8')).replace(TOKEN, 'of-home'));
  assert.equal(await credentialOf(t, fake, { environment: { HOME } }), 'Bearer of-home');
  const both = { HOME, KUBECONFIG: fake.kubeconfig };
  assert.equal(await credentialOf(t, fake, { environment: both }), `Bearer ${TOKEN}`);
});

test('a kubeconfig that was named and is not there is refused, whatever else there is', async (t) => {
  const fake = await fakeApiServer(t);
  const kubeconfig = join(await emptyFolder(t), 'gone');
  await assert.rejects(
    connect({ kubeconfig, environment: { KUBECONFIG: fake.kubeconfig } }),
    new Error(`The kubeconfig ${kubeconfig} is not there.`),
  );
});

test('without any credentials it is said what was looked for, and no other server is asked', async (t) => {
  const HOME = await emptyFolder(t);
  const message = async (environment: { [name: string]: string }) => {
    const error = await connect({ environment, serviceAccountFolder: join(HOME, 'sa') }).catch((error) => error);
    assert.ok(error instanceof Error);
    return error.message;
  };
  assert.equal(
    await message({ HOME }),
    'No API server is known. Looked for the service account of a pod (KUBERNETES_SERVICE_HOST is not set), for $KUBECONFIG ' +
      `(not set), and for ${HOME}/.kube/config (not there). Name a kubeconfig with --kubeconfig.`,
  );
  assert.match(await message({}), /~\/\.kube\/config \(HOME is not set\)\. Name a kubeconfig/);
  assert.match(
    await message({ HOME, KUBECONFIG: '/not/there' }),
    /and for \$KUBECONFIG \(\/not\/there: not there\)\. Name/,
  );
  assert.match(
    await message({ KUBERNETES_SERVICE_HOST: '10.0.0.1' }),
    /sa\/token is not there; automountServiceAccountToken\?/,
  );
});
