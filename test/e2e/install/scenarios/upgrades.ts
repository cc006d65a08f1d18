import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { eventually } from '../../eventually.ts';
import { DOWNWARD_API, pod } from '../../objects.ts';
import { done, refused } from '../../said.ts';
import { requestsOfPortcullis } from '../audit.ts';
import { assertGate } from '../gate.ts';
import type { Installation } from '../installation.ts';
import { ASKING_POD, BAD_WEBSITE, type Burst, GOOD_WEBSITE, PLAIN_POD, underLoad } from '../load.ts';

/** What is changed while users work: pods replaced, rules of a platform team brought and taken away. */
export async function upgrades(t: TestContext, cluster: Installation): Promise<void> {
  const { plane, kubelet } = cluster;
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-rules-'));
  t.after(() => rm(folder, { recursive: true }));
  const withRules = await setup(folder, 'with-rules', { 'known-team.ts': KNOWN_TEAM }, '');
  const withoutMutation = await setup(folder, 'without', {}, WITHOUT_MUTATION);
  const kubectl = await cluster.namespace('upgrades');
  await kubectl(['create', 'configmap', 'team-blue']);
  const create = ['create', '--dry-run=server', '-f', '-'];
  const writes = [GOOD_WEBSITE, BAD_WEBSITE, ASKING_POD, PLAIN_POD];
  const of = (team: string): string => pod({ name: team, labels: { team } });

  await t.test('a rolling restart loses no request and lets none through', async (t) => {
    const count = await underLoad(plane, 'upgrades', writes, async () => {
      await cluster.done('kubectl -n portcullis-system rollout restart deployment/portcullis');
      await rolledOut(cluster);
    });
    t.diagnostic(`${count} requests`);
  });

  await t.test('a rule is brought, with a lookup: first to the server, then to the webhooks', async (t) => {
    const before = await podNames(cluster);
    const work = async (burst: Burst): Promise<void> => {
      await burst(GOOD_WEBSITE);
      const applied = await cluster.generated(['server', ...withRules]);
      assert.equal(applied.stderr, '');
      assert.match(applied.stdout, /^configmap\/portcullis-rules-\w+ created$/m);
      await cluster.done('kubectl -n portcullis-system rollout status deployment/portcullis');
      assert.equal((await cluster.generated(['webhooks', ...withRules])).stderr, '');
      await eventually('the rule is in force', async () => {
        assert.deepEqual(await kubectl(create, of('red')), refused(UNKNOWN_TEAM));
        return true;
      });
      // The pods that were replaced still answer on connections which lay idle until now.
      await burst(PLAIN_POD);
      await settled(cluster);
    };
    // Quiet, or the API server would use up at once the connections that it has to the pods which are replaced.
    const count = await underLoad(plane, 'upgrades', writes, work, 1000);
    t.diagnostic(`${count} requests`);
    const after = await podNames(cluster);
    assert.deepEqual(
      after.filter((name) => before.includes(name)),
      [],
    );
  });

  await t.test('it finds what there is, and sees what changes', async () => {
    assert.deepEqual(await kubectl(create, of('blue')), done('pod/blue created (server dry run)\n'));
    await kubectl(['create', 'configmap', 'team-red']);
    assert.deepEqual(await kubectl(create, of('red')), done('pod/red created (server dry run)\n'));
    await kubectl(['delete', 'configmap', 'team-blue']);
    await eventually('there is no team blue any more', async () => {
      assert.equal((await kubectl(create, of('blue'))).code, 1);
      return true;
    });
    await assertGate(kubectl);
  });

  await t.test('the ServiceAccount of the pods has been denied nothing, by the audit log', async (t) => {
    // A watch of what nobody changes is written down when it ends, half a minute later.
    const all = await eventually(
      'what the pods need to ask',
      async () => {
        const { all, refused } = await requestsOfPortcullis(plane, new Date(0));
        assert.deepEqual(refused, []);
        for (const needed of ['get secrets/portcullis-ca', 'list configmaps', 'watch configmaps']) {
          assert.ok(all.includes(needed), `${needed} is not among ${all.join(', ')}`);
        }
        return all;
      },
      { timeoutMs: 60_000 },
    );
    t.diagnostic(`asked: ${all.join(', ')}`);
  });

  await t.test(
    'it is taken away, and with it all that mutates: first from the webhooks, then from the server',
    async (t) => {
      const count = await underLoad(plane, 'upgrades', [GOOD_WEBSITE, BAD_WEBSITE], async () => {
        assert.equal((await cluster.generated(['webhooks', ...withoutMutation])).stderr, '');
        await eventually('nobody is asked about pods', async () => {
          assert.deepEqual(await kubectl(create, of('green')), done('pod/green created (server dry run)\n'));
          const asking = pod({ name: 'asks', labels: { [DOWNWARD_API]: 'true' } });
          const { stdout } = await kubectl([...create, '-o', 'jsonpath={.spec.containers[0].env}'], asking);
          assert.equal(stdout, '');
          return true;
        });
        assert.equal((await cluster.generated(['server', ...withoutMutation])).stderr, '');
        await rolledOut(cluster);
      });
      t.diagnostic(`${count} requests`);
      const { webhooks = [] } = await plane.json(['get', 'mutatingwebhookconfiguration', 'portcullis']);
      assert.deepEqual(webhooks, []);
      assert.deepEqual(await kubectl(create, of('green')), done('pod/green created (server dry run)\n'));
    },
  );

  await t.test('every pod that was replaced ended by itself, in the time that it has', () => {
    assert.ok(kubelet.exitCodes().length >= 6);
    assert.deepEqual(
      kubelet.exitCodes().filter((code) => code !== 0),
      [],
    );
  });
}

/** The rollout is over, and so are the pods that it replaced: until then they may be asked. */
async function rolledOut(cluster: Installation): Promise<void> {
  await cluster.done('kubectl -n portcullis-system rollout status deployment/portcullis');
  await settled(cluster);
}

async function settled(cluster: Installation): Promise<void> {
  await eventually(
    'the pods that were replaced have gone',
    async () => (await podNames(cluster)).length === 2 || undefined,
  );
}

async function podNames({ plane }: Installation): Promise<string[]> {
  const { stdout } = await plane.succeeded(['-n', 'portcullis-system', 'get', 'pods', '-o', 'name']);
  return stdout.trimEnd().split('\n');
}

/** Gives the flags that name the rules and the configuration. */
async function setup(folder: string, name: string, rules: object, config: string): Promise<string[]> {
  const own = join(folder, name, 'rules');
  await mkdir(own, { recursive: true });
  for (const [file, text] of Object.entries(rules)) await writeFile(join(own, file), text);
  const configFile = join(folder, name, 'portcullis.yaml');
  await writeFile(configFile, config);
  return ['--config', configFile, ...(Object.keys(rules).length === 0 ? [] : ['--rules', own])];
}

const UNKNOWN_TEAM = 'The Pod "red" is invalid: metadata.labels[team]: Not found: "red"\n';

const KNOWN_TEAM = `import { allow, ConfigMap, deny, notFound, Pod, validatingRule } from 'portcullis';

/** A team is known by a ConfigMap in each of its namespaces. */
export const knownTeam = validatingRule({
  name: 'known-team',
  kind: Pod,
  operations: ['CREATE'],
  lookups: { team: { kind: ConfigMap, name: (pod) => pod.metadata.labels?.team && \`team-\${pod.metadata.labels.team}\` } },
  validate(pod, { found }) {
    const team = pod.metadata.labels?.team;
    if (team === undefined || found.team !== undefined) return allow();
    deny(notFound('metadata.labels[team]', team));
  },
});
`;

const WITHOUT_MUTATION = `rules:
  git-sync: { mode: 'off' }
  downward-api: { mode: 'off' }
`;
