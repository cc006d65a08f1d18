import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { emptyFolder } from '../certs/empty-folder.ts';
import { ran } from '../e2e/ran.ts';
import { fakeApiServer, json, TOKEN } from './fake-api-server.ts';

const FOLDER = join(import.meta.dirname, '../../cluster');

test('client-node is loaded for a kubeconfig, not by any import nor in a pod; and a process that ended its lookups ends', async (t) => {
  const fake = await fakeApiServer(t);
  const folder = await emptyFolder(t);
  await writeFile(join(folder, 'ca.crt'), fake.ca);
  await writeFile(join(folder, 'token'), TOKEN);
  const modules = readdirSync(FOLDER).map((name) => pathToFileURL(join(FOLDER, name)).href);
  assert.ok(modules.length > 5);
  const source = `
    import { registerHooks } from 'node:module';
    let loaded = false;
    registerHooks({
      resolve(specifier, context, next) {
        loaded ||= specifier === '@kubernetes/client-node';
        return next(specifier, context);
      },
    });
    const all = Object.assign({}, ...await Promise.all(${JSON.stringify(modules)}.map((module) => import(module))));
    console.log(loaded);
    const pod = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: '${new URL(fake.url).port}' };
    const inPod = await all.connect({ environment: pod, serviceAccountFolder: ${JSON.stringify(folder)} });
    await inPod.request('GET', '/version');
    inPod.close();
    console.log(loaded);
    const client = await all.connect({ kubeconfig: ${JSON.stringify(fake.kubeconfig)}, environment: {} });
    console.log(loaded);
    const kind = { group: 'test.example.com', version: 'v1', kind: 'Thing', resource: 'things', scope: 'Namespaced' };
    const watched = Promise.withResolvers();
    const { stop } = all.startLookups({ client, kinds: [kind], log: console, observe: { watching: watched.resolve } });
    await watched.promise;
    stop();
    client.close();
  `;
  const outcome = await ran(process.execPath, ['--input-type=module', '--eval', source], {});
  assert.deepEqual([outcome.code, outcome.stdout], [0, 'false\nfalse\ntrue\n'], outcome.stderr);
  assert.equal(fake.count('watch'), 1);
});

test('thousands of objects, each mostly managedFields, are listed and listed again in a small heap', async (t) => {
  const fake = await fakeApiServer(t);
  const fields = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f:field-${i}`, { 'f:value': {} }]));
  const managedFields = [{ manager: 'test', fieldsType: 'FieldsV1', fieldsV1: fields }];
  const item = (i: number) => ({ metadata: { name: `thing-${i}`, namespace: 'default', managedFields } });
  fake.instead(
    'list',
    ({ query }, response) => {
      const from = Number(query.continue ?? 0);
      const rest = from === 3500 ? {} : { continue: `${from + 500}` };
      const items = Array.from({ length: 500 }, (_, i) => item(from + i));
      json(response, 200, { metadata: { resourceVersion: '1', ...rest }, items });
    },
    Infinity,
  );
  fake.instead('watch', (_, response) => response.end('no event\n'));
  const folder = await emptyFolder(t);
  await writeFile(join(folder, 'ca.crt'), fake.ca);
  await writeFile(join(folder, 'token'), TOKEN);
  const source = `
    const { connect } = await import(${JSON.stringify(pathToFileURL(join(FOLDER, 'client.ts')))});
    const { startLookups } = await import(${JSON.stringify(pathToFileURL(join(FOLDER, 'lookups.ts')))});
    const environment = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: '${new URL(fake.url).port}' };
    const client = await connect({ environment, serviceAccountFolder: ${JSON.stringify(folder)} });
    const kind = { group: 'test.example.com', version: 'v1', kind: 'Thing', resource: 'things', scope: 'Namespaced' };
    const watched = Promise.withResolvers();
    const log = { info() {}, warn() {}, error() {} };
    const backoff = { firstMs: 10, mostMs: 10 };
    let lists = 0;
    const observe = { restarted: watched.resolve, objects: (_, count) => count === 4000 && lists++ };
    const { stop } = startLookups({ client, kinds: [kind], log, backoff, observe });
    await watched.promise;
    stop();
    client.close();
    console.log(lists);
  `;
  const small = ['--max-old-space-size=40', '--input-type=module', '--eval', source];
  const outcome = await ran(process.execPath, small, {});
  assert.deepEqual([outcome.code, outcome.stdout], [0, '2\n'], outcome.stderr.slice(0, 500));
});
