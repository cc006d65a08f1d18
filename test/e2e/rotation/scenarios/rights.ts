import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { ClusterClient } from '../../../../cluster/client.ts';
import { eventually } from '../../eventually.ts';
import { outcomeOf } from '../../install/load.ts';
import { POD_WITHOUT_WEBSITE, reviewed } from '../load.ts';
import { type Manifest, NAMESPACE, type Place, USERS } from '../place.ts';
import { begunRotation } from '../rotate.ts';
import { authoritiesOf, deleted } from '../secret.ts';
import { LASTING } from '../times.ts';

/** A right of the generated roles, and what it is needed for. */
interface Row {
  readonly verb: string;
  readonly resource: 'secrets' | 'webhookconfigurations' | 'websites';
  readonly sentence: string;
  /** Begins it without that right; gives what is true once it has come to its end, which then the right lets it do. */
  begin(place: Place): Promise<() => Promise<boolean>>;
}

const HOUR = 3_600_000;

const ROWS: readonly Row[] = [
  {
    ...{ verb: 'get', resource: 'secrets', sentence: 'a replica starts' },
    begin: (place) => start(place),
  },
  {
    ...{ verb: 'create', resource: 'secrets', sentence: 'the first replica starts' },
    begin: (place) => start(place, { isFirst: true }),
  },
  {
    ...{ verb: 'update', resource: 'secrets', sentence: 'a rotation is completed' },
    async begin(place) {
      const next = await begunRotation(place, LASTING);
      return async () => (await authoritiesOf(place.plane)).signing.sha256 === next.sha256;
    },
  },
  {
    ...{ verb: 'get', resource: 'webhookconfigurations', sentence: 'a caBundle that was wiped is put back' },
    begin: wipe,
  },
  {
    ...{ verb: 'patch', resource: 'webhookconfigurations', sentence: 'a caBundle that was wiped is put back' },
    begin: wipe,
  },
  {
    ...{ verb: 'watch', resource: 'webhookconfigurations', sentence: 'it is put back before the next look' },
    async begin(place) {
      const isReady = await start(place);
      await eventually('it is ready', async () => (await isReady()) || undefined);
      return wipe(place);
    },
  },
  {
    ...{ verb: 'get', resource: 'websites', sentence: 'a pod is told that its Website is missing' },
    begin: async (place) => () => isTold(place),
  },
  {
    ...{ verb: 'list', resource: 'websites', sentence: 'Websites are kept in memory' },
    begin: keepWebsites,
  },
  {
    ...{ verb: 'watch', resource: 'websites', sentence: 'Websites are kept up to date' },
    begin: keepWebsites,
  },
];

/** Each right is taken, and what fails without it is done as soon as it is given back. */
export async function rights(t: TestContext, place: Place): Promise<void> {
  assert.deepEqual(granted(place), ROWS.map(({ verb, resource }) => `${verb} ${resource}`).sort());
  for (const row of ROWS) {
    const { verb, resource, sentence, begin } = row;
    await t.test(`to ${verb} ${resource} is needed so that ${sentence}`, async () => {
      await permitAllBut(place, row);
      const isDone = await begin(place);
      // It is the same line that tells the operator.
      const refusal = new RegExp(`cannot ${verb} resource \\\\*"\\w*${resource}`);
      const [replica] = place.replicas;
      await eventually('it is told', async () => {
        await isDone();
        return refusal.test(replica?.log() ?? '') || undefined;
      });
      assert.equal(await isDone(), false);
      await permitAllBut(place, undefined);
      await eventually(sentence, async () => (await isDone()) || undefined, { timeoutMs: 60_000 });
    });
  }
}

/** The only replica, which looks at a configuration when it is told, and seldom else. */
async function start(place: Place, { isFirst = false } = {}): Promise<() => Promise<boolean>> {
  await Promise.all([...place.replicas].map((replica) => place.end(replica, 'SIGKILL')));
  if (isFirst) await deleted(place.plane);
  const replica = await place.start({ ...LASTING, lookMs: HOUR });
  return () => replica.isReady();
}

async function wipe(place: Place): Promise<() => Promise<boolean>> {
  await place.plane.succeeded(['replace', '-f', '-'], { input: place.webhooks });
  await eventually('reviews fail', async () => (await reviewed(place)).length > 0 || undefined);
  return async () => (await reviewed(place)).length === 0;
}

async function isTold({ client }: Place): Promise<boolean> {
  return (await outcomeOf(client, USERS, POD_WITHOUT_WEBSITE)) === POD_WITHOUT_WEBSITE.expected;
}

async function keepWebsites(place: Place): Promise<() => Promise<boolean>> {
  await start(place);
  const [replica] = place.replicas;
  return async () => {
    const { lookups } = (await replica?.status()) ?? assert.fail();
    return lookups.length > 0 && lookups.every(({ isSynced, isWatched }) => isSynced && isWatched);
  };
}

interface Rule {
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Applies the generated roles without a right, and waits until the API server goes by them. */
async function permitAllBut({ client, server }: Place, without: Row | undefined): Promise<void> {
  for (const { kind, metadata, rules } of server.filter(isRole)) {
    const left = (rules as readonly Rule[]).map((rule) => ({
      ...rule,
      verbs: rule.verbs.filter((verb) => verb !== without?.verb || nameOf(rule) !== without.resource),
    }));
    const roles = kind === 'ClusterRole' ? 'clusterroles' : `namespaces/${NAMESPACE}/roles`;
    // A rule without verbs is none.
    const body = { rules: left.filter(({ verbs }) => verbs.length > 0) };
    const contentType = 'application/merge-patch+json';
    await client.request('PATCH', `/apis/rbac.authorization.k8s.io/v1/${roles}/${metadata.name}`, {
      body,
      contentType,
    });
  }
  for (const row of ROWS) {
    const isPermitted = row.verb !== without?.verb || row.resource !== without.resource;
    await eventually(`${row.verb} ${row.resource}`, async () => (await may(client, row)) === isPermitted || undefined, {
      everyMs: 20,
    });
  }
}

/** What the API server's authorization says. */
async function may(client: ClusterClient, { verb, resource }: Row): Promise<boolean> {
  const asked = {
    secrets: { resource, namespace: NAMESPACE, ...(verb === 'create' ? {} : { name: 'portcullis-ca' }) },
    webhookconfigurations: {
      group: 'admissionregistration.k8s.io',
      resource: 'validatingwebhookconfigurations',
      name: 'portcullis',
    },
    websites: { group: 'extensions.example.com', resource, namespace: USERS },
  }[resource];
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user: `system:serviceaccount:${NAMESPACE}:portcullis`, resourceAttributes: { verb, ...asked } },
  };
  const { status } = await client.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', { body });
  return (status as { allowed: boolean }).allowed;
}

function granted({ server }: Place): string[] {
  const rules: readonly Rule[] = server.filter(isRole).flatMap(({ rules }) => rules);
  return rules.flatMap((rule) => rule.verbs.map((verb) => `${verb} ${nameOf(rule)}`)).sort();
}

function isRole({ kind }: Manifest): boolean {
  return kind === 'Role' || kind === 'ClusterRole';
}

/** Both kinds of configurations are granted alike. */
function nameOf({ resources }: Rule): string {
  const [first = '', ...others] = resources.map((resource) => resource.replace(/^(mutating|validating)/, ''));
  assert.ok(
    others.every((other) => other === first),
    `${resources}`,
  );
  return first;
}
