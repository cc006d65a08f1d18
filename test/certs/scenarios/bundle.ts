import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { TestContext } from 'node:test';
import { issueCertificateAuthority } from '../../../certs/issue.ts';
import type { ControlPlane } from '../../e2e/control-plane.ts';
import { eventually } from '../../e2e/eventually.ts';
import { text } from '../base64.ts';
import { KINDS, reviewed, versionsOf, withoutBundles } from '../cluster-reads.ts';
import { installation } from '../installation.ts';
import { configurations, service, webhook } from '../webhook.ts';

/** Configurations come later, are replaced, deleted and made again. */
export async function called(t: TestContext, plane: ControlPlane): Promise<void> {
  const { name, replica } = await installation(t, plane, 'called');
  const replicas = await Promise.all([replica(t), replica(t)]);
  const { server, port } = await webhook(t, replicas[0].certificate);
  await plane.applied(service(name));
  for (const { log } of replicas) assert.equal(log.lines.filter((line) => line.includes('not there yet')).length, 2);

  const manifest = configurations(name, port);
  await plane.applied(manifest);
  const applied = await Promise.all(KINDS.map((kind) => plane.json(['get', kind, name])));
  await eventually('a review', () => reviewed(plane, name));
  for (const [i, kind] of KINDS.entries()) {
    const configuration = await plane.json(['get', kind, name]);
    assert.deepEqual(withoutBundles(configuration), withoutBundles(applied[i]), 'nothing but caBundle is touched');
  }
  server.setSecureContext(replicas[1].certificate);
  await reviewed(plane, name);

  const versions = await versionsOf(plane, name);
  await plane.applied(manifest);
  assert.deepEqual(await versionsOf(plane, name), versions, 'applying the same again wipes nothing');

  await plane.succeeded(['replace', '-f', '-'], { input: manifest });
  await eventually('its repair', () => reviewed(plane, name));
  await plane.succeeded(['delete', ...KINDS.map((kind) => `${kind}/${name}`)]);
  await plane.applied(configurations(name, port, ['three']));
  await eventually('a review by the new one', () => reviewed(plane, name));

  for (const { log } of replicas) {
    assert.deepEqual(
      log.lines.filter((line) => line.includes('cannot be')),
      [],
      'it may do and watch all that it needs',
    );
  }

  const settled = await versionsOf(plane, name);
  const third = await replica(t);
  server.setSecureContext(third.certificate);
  await reviewed(plane, name);
  assert.deepEqual(await versionsOf(plane, name), settled, 'one that finds its CA there changes nothing');
}

/** A configuration changes between the look at it and its patch. */
export async function raced(t: TestContext, plane: ControlPlane): Promise<void> {
  const { name, client, replica } = await installation(t, plane, 'raced');
  const other = await issueCertificateAuthority({ commonName: 'Other', now: new Date(), days: 10 });
  const [kind = ''] = KINDS;
  const [config] = JSON.parse(configurations(name, 443, ['one', 'two'])).items;
  config.webhooks[0].clientConfig.caBundle = Buffer.from(other.cert).toString('base64');
  await plane.applied(JSON.stringify(config));
  const [one, two] = config.webhooks;
  const three = { ...two, name: `three.${name}.example.com` };
  const real = await client();
  const answers: string[] = [];
  const { ca } = await replica(t, {
    client: {
      ...real,
      async request(method, path, options) {
        if (method === 'PATCH' && answers.length === 0) {
          await plane.succeeded(['replace', '-f', '-'], {
            input: JSON.stringify({ ...config, webhooks: [three, two, one] }),
          });
        }
        const answer = real.request(method, path, options);
        if (method === 'PATCH') {
          await answer.then(
            () => answers.push('patched'),
            ({ code }) => answers.push(`${code}`),
          );
        }
        return answer;
      },
    },
  });
  assert.deepEqual(answers, ['422', 'patched']);
  const { webhooks } = await plane.json(['get', kind, name]);
  assert.deepEqual(
    webhooks.map(({ name, clientConfig }: typeof one) => [name.split('.')[0], text(clientConfig.caBundle)]),
    [
      ['three', ca],
      ['two', ca],
      ['one', new X509Certificate(other.cert) + ca],
    ],
  );
}

/** A replica ends before the configurations come. */
export async function ended(t: TestContext, plane: ControlPlane): Promise<void> {
  const { name, replica, client } = await installation(t, plane, 'ended');
  const own = await client();
  const requests: string[] = [];
  const counted = {
    ...own,
    request: (...[method, path, options]: Parameters<typeof own.request>) => {
      requests.push(method);
      return own.request(method, path, options);
    },
  };
  const { stop, log } = await replica(t, { client: counted });
  stop();
  const [asked, said] = [requests.length, log.lines.length];
  await plane.applied(configurations(name, 443));
  const other = await replica(t);
  await eventually(
    'another replica has done it',
    async () => other.log.lines.some((line) => line.includes('put the CA')) || undefined,
  );
  assert.deepEqual([requests.length, log.lines.length], [asked, said]);
}
