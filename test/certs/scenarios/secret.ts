import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { ControlPlane } from '../../e2e/control-plane.ts';
import { text } from '../base64.ts';
import { assertAccepted, secretOf } from '../cluster-reads.ts';
import { installation } from '../installation.ts';

/** The first replica makes the CA. */
export async function firstStart(t: TestContext, plane: ControlPlane): Promise<void> {
  const { name, replica } = await installation(t, plane, 'first');
  const { certificate, ca, log } = await replica(t, { names: ['extra.example.com'] });
  const secret = await secretOf(plane, name);
  assert.equal(secret.type, 'Opaque');
  assert.deepEqual(secret.metadata.labels, { 'app.kubernetes.io/name': 'portcullis' });
  assert.deepEqual(Object.keys(secret.data), ['ca.crt', 'ca.key', 'rotation.json']);
  assert.equal(text(secret.data['ca.crt']), ca);
  const names = ['first.first.svc', 'first.first', 'first.first.svc.cluster.local', 'localhost', 'extra.example.com'];
  await assertAccepted(t, certificate, ca, names);
  assert.ok(!log.lines.join('').includes('PRIVATE'));
  assert.ok(!log.lines.join('').includes(secret.data['ca.key'].slice(0, 40)));
}

/** Several start at once, and one later. */
export async function together(t: TestContext, plane: ControlPlane): Promise<void> {
  const { name, replica } = await installation(t, plane, 'together');
  const replicas = await Promise.all([replica(t), replica(t), replica(t)]);
  const { data, metadata } = await secretOf(plane, name);
  for (const { certificate, ca } of replicas) {
    assert.equal(ca, text(data['ca.crt']));
    await assertAccepted(t, certificate, ca, ['together.together.svc']);
  }
  assert.equal(new Set(replicas.map(({ certificate }) => certificate.key)).size, 3, 'each has a key of its own');
  const later = await replica(t);
  assert.equal(later.ca, text(data['ca.crt']));
  const { metadata: after } = await secretOf(plane, name);
  assert.equal(after.resourceVersion, metadata.resourceVersion, 'nobody wrote the Secret again');
}

/** Somebody has written into the Secret. */
export async function damaged(t: TestContext, plane: ControlPlane): Promise<void> {
  const { name, replica } = await installation(t, plane, 'damaged');
  await plane.succeeded([
    ...['create', 'secret', 'generic', 'portcullis-ca', '--namespace', name],
    ...['--from-literal=ca.crt=x', '--from-literal=ca.key=y'],
  ]);
  const before = await secretOf(plane, name);
  const refusal = await replica(t).catch((error: Error) => error.message);
  assert.ok(typeof refusal === 'string');
  assert.deepEqual(await secretOf(plane, name), before);
  const [, command = ''] = /: (kubectl delete secret .*)$/.exec(refusal) ?? [];
  await plane.succeeded(command.split(' ').slice(1));
  const { certificate, ca } = await replica(t);
  await assertAccepted(t, certificate, ca, [`${name}.${name}.svc`]);
}
