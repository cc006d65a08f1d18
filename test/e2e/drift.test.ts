import assert from 'node:assert/strict';
import { test } from 'node:test';
import { issueCertificateAuthority } from '../../certs/issue.ts';
import { emptyFolder } from '../certs/empty-folder.ts';
import { withoutAssets } from './assets.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { startWatched, type Watched } from './drift/watched.ts';
import { eventually } from './eventually.ts';
import { auditingReads, requestsOfPortcullis } from './install/audit.ts';

const NOTHING = 'nothing is registered: nobody is asked';
const [MUTATING, VALIDATING] = [
  'mutatingwebhookconfigurations/portcullis',
  'validatingwebhookconfigurations/portcullis',
];
const LABEL = 'label.git-sync.extensions.example.com';
const OTHER = 'other.git-sync.extensions.example.com';
/** A look now and then comes after half a minute: whoever is faster was told by a watch. */
const TOLD = { timeoutMs: 8000 };

/** What somebody does to a configuration, and the drift that comes of it. */
const EDITS: readonly {
  readonly sentence: string;
  readonly operations: object[];
  readonly drift: readonly string[];
}[] = [
  {
    sentence: 'a failure policy that lets failures through',
    operations: [{ op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Ignore' }],
    drift: [`${MUTATING}: ${LABEL}: failurePolicy is Ignore, generated is Fail`],
  },
  {
    sentence: 'a webhook that is taken out',
    operations: [{ op: 'remove', path: '/webhooks/0' }],
    drift: [`${MUTATING}: ${LABEL}: it is not registered`],
  },
  {
    sentence: 'a webhook that is put in',
    operations: [
      { op: 'copy', from: '/webhooks/0', path: '/webhooks/1' },
      { op: 'replace', path: '/webhooks/1/name', value: OTHER },
    ],
    drift: [`${MUTATING}: ${OTHER}: no rule in force is for it`],
  },
  {
    sentence: 'another order',
    operations: [
      { op: 'remove', path: '/webhooks/4' },
      { op: 'remove', path: '/webhooks/3' },
      { op: 'remove', path: '/webhooks/2' },
      { op: 'move', from: '/webhooks/0', path: '/webhooks/1' },
    ],
    drift: [
      `${MUTATING}: namespace.git-sync.extensions.example.com: it is not registered`,
      `${MUTATING}: pod.downward-api.extensions.example.com: it is not registered`,
      `${MUTATING}: namespace.downward-api.extensions.example.com: it is not registered`,
      `${MUTATING}: the order is website.git-sync.extensions.example.com, ${LABEL}, generated is ${LABEL}, website.git-sync.extensions.example.com`,
    ],
  },
  {
    sentence: 'a webhook that leads elsewhere, and is not asked for pods',
    operations: [
      { op: 'replace', path: '/webhooks/0/clientConfig/url', value: 'https://127.0.0.1:1/mutate/elsewhere' },
      { op: 'replace', path: '/webhooks/0/rules/0/resources', value: ['configmaps'] },
    ],
    drift: [
      `${MUTATING}: ${LABEL}: clientConfig is https://127.0.0.1:1/mutate/elsewhere, generated is https://portcullis.portcullis-system.svc:443/mutate/git-sync/label`,
      `${MUTATING}: ${LABEL}: it is not asked for CREATE v1 pods (Namespaced)`,
      `${MUTATING}: ${LABEL}: it is asked for CREATE v1 configmaps (Namespaced) too, which no rule in force is for`,
    ],
  },
];

const title = 'a server tells in what the registered webhooks differ from what its rules are for';
test(title, { skip: withoutAssets }, async (t) => {
  const folder = await emptyFolder(t);
  const plane = await startControlPlane({ audit: true, extraApiServerFlags: await auditingReads(folder) });
  t.after(plane.stop);
  const watched = await startWatched(plane);
  t.after(watched.stop);

  await t.test('at first nothing is registered: that is said, and the server is ready', async () => {
    await shows(watched, [NOTHING]);
    const { code, stdout } = await watched.said();
    assert.equal(code, 1);
    assert.match(stdout, /: one thing is wrong\n {2}- nothing is registered: nobody is asked\n {2}to mend /);
    assert.deepEqual(await watched.metrics(), metrics({ mutating: 1, validating: 1 }));
  });
  await t.test('the command that the status names mends it, and then all is well', () => isMended(watched));

  for (const { sentence, operations, drift } of EDITS) {
    await t.test(`it is told, and mended by that command: ${sentence}`, async () => {
      await patched(plane, operations);
      await shows(watched, drift);
      assert.deepEqual(await watched.metrics(), metrics({ mutating: drift.length, validating: 0 }));
      assert.equal((await watched.said()).code, 1);
      await isMended(watched);
    });
  }

  await t.test('it is told, and mended by that command: one configuration that is deleted', async () => {
    await plane.succeeded(['delete', 'validatingwebhookconfiguration', 'portcullis']);
    const [drift = '', ...others] = await eventually('the drift', async () => {
      const { problems } = await watched.status();
      return problems.length === 0 ? undefined : problems;
    });
    assert.match(
      drift,
      /^validatingwebhookconfigurations\/portcullis: it is not registered, so nobody is asked by policy\./,
    );
    assert.deepEqual(others, []);
    await isMended(watched);
  });

  await t.test('what others may add is no drift: annotations, labels, and CAs besides', async () => {
    const { configurations } = (await watched.status()).registration;
    const before = configurations[0]?.trusts ?? [];
    assert.deepEqual([before.length, configurations[0]?.trustsServing], [1, true]);
    const { cert } = await issueCertificateAuthority({ now: new Date(), days: 1 });
    const bundle = await plane.json(['get', 'mutatingwebhookconfiguration', 'portcullis']);
    const both = Buffer.from(Buffer.from(bundle.webhooks[0].clientConfig.caBundle, 'base64') + cert).toString('base64');
    const path = (i: number) => `/webhooks/${i}/clientConfig/caBundle`;
    await patched(
      plane,
      bundle.webhooks.map((_: object, i: number) => ({ op: 'replace', path: path(i), value: both })),
    );
    await plane.succeeded(['annotate', 'mutatingwebhookconfiguration', 'portcullis', 'example.com/owner=me']);
    await eventually(
      'the other CA is seen',
      async () => {
        const { registration, problems } = await watched.status();
        assert.equal(registration.configurations[0]?.trusts.length, 2);
        assert.deepEqual(problems, []);
        return true;
      },
      TOLD,
    );
    assert.deepEqual(watched.logged().at(-1), []);
  });

  await t.test('a CA that did not sign the certificate is told, since API servers refuse to call', async () => {
    const { cert } = await issueCertificateAuthority({ now: new Date(), days: 1 });
    const value = Buffer.from(cert).toString('base64');
    await patched(plane, [{ op: 'replace', path: '/webhooks/0/clientConfig/caBundle', value }]);
    await eventually(
      'it is told',
      async () => {
        const said = `${MUTATING}: API servers do not trust the certificate that is served with`;
        assert.deepEqual((await watched.status()).problems, [said]);
        return true;
      },
      TOLD,
    );
    await watched.mend().catch(() => {});
  });

  await t.test('without its rights it says so and who grants them, stays ready, and goes on with them', async () => {
    await watched.permit(false);
    await patched(plane, [{ op: 'replace', path: '/webhooks/0/timeoutSeconds', value: 7 }]);
    await eventually(
      'it is told',
      async () => {
        const { problems } = await watched.status();
        assert.match(
          problems.join('\n'),
          /what is registered cannot be read: .*portcullis.* is forbidden.*\(403\); the roles that "portcullis manifests server" prints permit it/,
        );
        return true;
      },
      { timeoutMs: 60_000 },
    );
    assert.equal((await fetch(`${watched.portcullis.healthUrl}/readyz`)).status, 200);
    await watched.permit(true);
    await eventually(
      'the drift',
      async () => (await watched.status()).problems.join().includes('timeoutSeconds is 7') || undefined,
      { timeoutMs: 60_000 },
    );
  });

  await t.test('when it is uninstalled, nothing is registered', async () => {
    await plane.succeeded(['delete', 'mutatingwebhookconfiguration,validatingwebhookconfiguration', 'portcullis']);
    await shows(watched, [NOTHING]);
  });

  await t.test(
    'all that it has asked for is what it was granted, and of the configurations its own alone',
    async () => {
      const verbs = ['get', 'watch'].flatMap((verb) => [`${verb} ${MUTATING}`, `${verb} ${VALIDATING}`]);
      // A watch is written down at its end.
      await eventually('all is written down', async () => {
        const { all } = await requestsOfPortcullis(plane, new Date(0));
        assert.deepEqual(all.filter((request) => request.includes('webhookconfigurations')).sort(), verbs.sort());
        return true;
      });
    },
  );
});

async function patched(plane: ControlPlane, operations: readonly object[]): Promise<void> {
  const patch = ['--type=json', '-p', JSON.stringify(operations)];
  await plane.succeeded(['patch', 'mutatingwebhookconfiguration', 'portcullis', ...patch]);
}

/** Whoever looks at the status or the log learns of it, and nobody's readiness hangs on it. */
async function shows(watched: Watched, drift: readonly string[]): Promise<void> {
  const seen = async () => {
    assert.deepEqual((await watched.status()).problems, drift);
    return true;
  };
  await eventually(`${drift}`, seen, TOLD);
  assert.deepEqual(watched.logged().at(-1), drift, watched.portcullis.log());
  assert.equal((await fetch(`${watched.portcullis.healthUrl}/readyz`)).status, 200);
}

async function isMended(watched: Watched): Promise<void> {
  await watched.mend();
  await shows(watched, []);
  assert.deepEqual(await watched.metrics(), metrics({ mutating: 0, validating: 0 }));
  const { code, stdout } = await watched.said();
  assert.deepEqual([code, /: all is well\n/.test(stdout)], [0, true], stdout);
}

/** What Prometheus sees of so many differences. */
function metrics({ mutating, validating }: { readonly mutating: number; readonly validating: number }): string[] {
  return [
    `differences ${MUTATING} ${mutating}`,
    `differences ${VALIDATING} ${validating}`,
    `drift ${MUTATING} ${Math.min(mutating, 1)}`,
    `drift ${VALIDATING} ${Math.min(validating, 1)}`,
  ];
}
