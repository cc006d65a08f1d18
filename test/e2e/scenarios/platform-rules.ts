import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import type { Cluster } from '../cluster.ts';
import { eventually } from '../eventually.ts';
import { pod } from '../objects.ts';
import { done, refused } from '../said.ts';

/** A platform team's own rules, beside the example's: enforced, warned of, only recorded, and broken. */
export async function platformRules(t: TestContext, cluster: Cluster): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-rules-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'logs.ts'), LOGS);
  const ruleFolders = [resolve(import.meta.dirname, '../../../examples/rules'), folder];
  await cluster.restart({ ruleFolders });
  const kubectl = await cluster.namespace('platform', { 'extensions.example.com/downward-api': 'true' });
  const create = (name: string, logs: string, image = 'nginx:1.29') =>
    kubectl(['create', '-f', '-'], pod({ name, labels: { 'team.example.com/logs': logs } }, { image }));
  const TAG = 'spec.containers[0].image: Invalid value: "nginx": must have a tag other than latest, or a digest';

  await t.test('they are in force once the configurations are applied, to a server that has them', async () => {
    assert.deepEqual(
      await cluster.register(),
      done(
        'mutatingwebhookconfiguration.admissionregistration.k8s.io/portcullis configured\n' +
          'validatingwebhookconfiguration.admissionregistration.k8s.io/portcullis configured\n',
      ),
    );
    await eventually('a Pod gets its log shipper', async () => {
      const tried = ['create', '--dry-run=server', '-o', 'jsonpath={.spec.containers[*].name}', '-f', '-'];
      const { stdout } = await kubectl(tried, pod({ name: 'try', labels: { 'team.example.com/logs': 'on' } }));
      return stdout === 'web log-shipper' || undefined;
    });
    const image = { image: 'nginx' };
    await eventually('an image is refused', async () => {
      const { code } = await kubectl(['create', '--dry-run=server', '-f', '-'], pod({ name: 'try' }, image));
      return code === 1 || undefined;
    });
  });

  await t.test("a denial reads like the API server's own", async () => {
    assert.deepEqual(await create('latest', 'on', 'nginx'), refused(`The Pod "latest" is invalid: ${TAG}\n`));
  });

  await t.test('a container that a later webhook adds gets the variables as well: it is reinvoked', async () => {
    assert.deepEqual(await create('web', 'on'), done('pod/web created\n'));
    const { stdout } = await kubectl(['get', 'pod', 'web', '-o', 'json']);
    const { containers } = JSON.parse(stdout).spec;
    assert.deepEqual(
      containers.map(({ name, env }: { name: string; env: object[] }) => [name, env.length]),
      [
        ['web', 11],
        ['log-shipper', 11],
      ],
    );
  });

  await t.test('where one fails whose policy is Ignore, the Pod is made without it, and the user is told', async () => {
    const warning = 'Warning: [log-shipper] failed: Error: no shipper for these\n';
    assert.deepEqual(await create('ignored', 'unheard-of'), done('pod/ignored created\n', warning));
    const { stdout } = await kubectl(['get', 'pod', 'ignored', '-o', 'jsonpath={.spec.containers[*].name}']);
    assert.equal(stdout, 'web');
  });

  await t.test('where one fails whose policy is Fail, there is no Pod, and the rule is named', async () => {
    const { code, stdout, stderr } = await create('failed', 'nowhere');
    assert.deepEqual([code, stdout], [1, '']);
    assert.equal(
      // Since 1.23 API servers say it twice.
      stderr.replace('failed to call webhook: ', ''),
      'Error from server (InternalError): error when creating "STDIN": Internal error occurred: failed calling webhook "logs.logs-known.extensions.example.com": rule logs-known failed: TypeError: no such place\n',
    );
  });

  await t.test('in mode warn the Pod is made, and the user told', async () => {
    await cluster.restart({ ruleFolders, config: 'rules: { image-tag: { mode: warn } }\n' });
    assert.deepEqual(
      await create('warned', 'on', 'nginx'),
      done('pod/warned created\n', `Warning: [image-tag] would deny: ${TAG}\n`),
    );
  });

  await t.test('in mode audit the Pod is made, and only the audit log says what it would have been', async () => {
    await cluster.restart({ ruleFolders, config: 'rules: { image-tag: { mode: audit } }\n' });
    assert.deepEqual(await create('audited', 'on', 'nginx'), done('pod/audited created\n'));
    const { annotations } = await eventually('its audit event', async () => {
      const events = await cluster.plane.auditEvents();
      return events.find(({ verb, objectRef }) => verb === 'create' && objectRef.name === 'audited');
    });
    assert.equal(annotations['policy.extensions.example.com/image-tag'], `would deny: ${TAG}`);
  });
}

/** As a team would write it: one rule that may fail to do its work, and one that may not. */
const LOGS = `
import { allow, mutatingRule, Pod, validatingRule } from 'portcullis';

const LABEL = 'team.example.com/logs';
const selectors = { logs: { objectSelector: { matchExpressions: [{ key: LABEL, operator: 'Exists' }] } } } as const;

/** A Pod that asks for it has its logs shipped, by a container that only some Pods have. */
export const logShipper = mutatingRule({
  name: 'log-shipper',
  kind: Pod,
  operations: ['CREATE'],
  webhook: 'log-shipper',
  selectors,
  failurePolicy: 'Ignore',
  mutate(pod) {
    if (pod.metadata.labels?.[LABEL] === 'unheard-of') throw new Error('no shipper for these');
    const containers = pod.spec?.containers ?? [];
    if (containers.some(({ name }) => name === 'log-shipper')) return;
    containers.push({ name: 'log-shipper', image: 'fluent-bit:4.1' });
  },
});

export const logsKnown = validatingRule({
  name: 'logs-known',
  kind: Pod,
  operations: ['CREATE'],
  webhook: 'logs-known',
  selectors,
  validate(pod) {
    if (pod.metadata.labels?.[LABEL] === 'nowhere') throw new TypeError('no such place');
    return allow();
  },
});
`;
