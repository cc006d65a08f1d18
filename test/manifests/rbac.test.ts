import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderOf, ruleFile } from '../load/rule-folder.ts';
import { ofKind, type Printed, printed } from './printed.ts';

const SECRETS = ['secrets/portcullis-ca: get update', 'secrets: create'];
const CONFIGURATIONS = [
  'mutatingwebhookconfigurations.admissionregistration.k8s.io/portcullis: get watch patch',
  'validatingwebhookconfigurations.admissionregistration.k8s.io/portcullis: get watch patch',
];
/** To compare them with what they should be, wherever there is access to the cluster. */
const COMPARED = CONFIGURATIONS.map((line) => line.replace(' patch', ''));
/** For pods that name one, unless git-sync is off. */
const WEBSITES = 'websites.extensions.example.com: get list watch';
const lookups = `lookups: {
  website: { kind: Website, name: () => 'a' },
  budget: { kind: kind({ group: 'policy', version: 'v1', kind: 'PodDisruptionBudget', resource: 'poddisruptionbudgets', scope: 'Namespaced' }), name: () => 'b' },
  flags: { kind: ConfigMap, name: () => 'c' },
  again: { kind: ConfigMap, name: () => 'd' },
}, `;
const WEBSITE = `const Website = kind({ group: 'extensions.example.com', version: 'v1', kind: 'Website', resource: 'websites', scope: 'Namespaced' });`;
const looking = ruleFile('looks', lookups)
  .replace('allow, Pod', 'allow, ConfigMap, kind, Pod')
  .replace('\n', `\n${WEBSITE}\n`);
/** To an API server of any address and port, and to whoever knows it by the name that some clusters give pods. */
const WAY_OUT = [{ protocol: 'TCP' }, { protocol: 'UDP', port: 53 }, { protocol: 'UDP', port: 5353 }];
const LOOKED_UP = ['configmaps: get list watch', 'poddisruptionbudgets.policy: get list watch', WEBSITES];

/** What is asked for, and all that is granted: in Portcullis' namespace, and everywhere. */
const cases: readonly {
  readonly sentence: string;
  readonly flags?: readonly string[];
  readonly config?: string;
  readonly rule?: string;
  readonly own: readonly string[];
  readonly everywhere: readonly string[];
}[] = [
  {
    sentence: 'mode self: its Secret, its two configurations, and Websites',
    own: SECRETS,
    everywhere: [...CONFIGURATIONS, WEBSITES],
  },
  {
    sentence: 'mode self, and somebody else registers its CA: its two configurations to look at',
    flags: ['--registration', 'none'],
    own: SECRETS,
    everywhere: [...COMPARED, WEBSITES],
  },
  {
    sentence: 'the same by the configuration',
    config: 'registration: none',
    own: SECRETS,
    everywhere: [...COMPARED, WEBSITES],
  },
  {
    sentence: 'mode self, and a Secret of another name',
    config: 'certificate: { secret: gate-ca }',
    own: ['secrets/gate-ca: get update', 'secrets: create'],
    everywhere: [...CONFIGURATIONS, WEBSITES],
  },
  {
    sentence: 'mode self and lookups of one’s own: all of them, and Websites once',
    rule: looking,
    own: SECRETS,
    everywhere: [...CONFIGURATIONS, ...LOOKED_UP],
  },
  {
    sentence: 'mode self, and git-sync is off: no Websites',
    config: 'rules: { git-sync: { mode: off } }',
    own: SECRETS,
    everywhere: CONFIGURATIONS,
  },
  {
    sentence: 'mode files and lookups of one’s own: what is looked up, and to see what is registered',
    flags: ['--certificate', 'files'],
    rule: looking,
    own: [],
    everywhere: [...COMPARED, ...LOOKED_UP],
  },
  {
    sentence: 'mode files by the configuration: its two configurations to look at, and Websites',
    config: 'certificate: { mode: files, folder: certs }',
    own: [],
    everywhere: [...COMPARED, WEBSITES],
  },
  {
    sentence: 'mode files, and no lookups since git-sync is off: nothing',
    flags: ['--certificate', 'files'],
    config: 'rules: { git-sync: { mode: off } }',
    own: [],
    everywhere: [],
  },
  {
    sentence: 'mode files, and lookups of rules that are off: nothing',
    flags: ['--certificate', 'files'],
    config: 'rules: { git-sync: { mode: off }, looks: { mode: off } }',
    rule: looking,
    own: [],
    everywhere: [],
  },
  {
    sentence: 'mode files, and git-sync only warns: what it would say has to be known, so the same',
    flags: ['--certificate', 'files'],
    config: 'rules: { git-sync: { mode: warn } }',
    own: [],
    everywhere: [...COMPARED, WEBSITES],
  },
  {
    sentence: 'no access, and nothing said of a mode: nothing, though git-sync is in force',
    flags: ['--cluster-access', 'none'],
    own: [],
    everywhere: [],
  },
];

for (const { sentence, flags = [], config = '', rule = ruleFile('a'), own, everywhere } of cases) {
  test(`granted, and nothing else: ${sentence}`, async (t) => {
    const cwd = await folderOf(t, { 'portcullis.yaml': config, 'rules/a.ts': rule });
    const manifests = await printed(['server', '--rules', 'rules', ...flags], { cwd });
    assert.deepEqual(granted('Role', manifests), [...own].sort());
    assert.deepEqual(granted('ClusterRole', manifests), [...everywhere].sort());
    const needsToken = own.length + everywhere.length > 0;
    const { automountServiceAccountToken } = ofKind('Deployment', manifests).spec.template.spec;
    assert.equal(automountServiceAccountToken, needsToken, 'a token exactly where there are rights');
    assert.equal(ofKind('ServiceAccount', manifests).automountServiceAccountToken, false);
    const { egress, policyTypes } = ofKind('NetworkPolicy', manifests).spec;
    assert.ok(policyTypes.includes('Egress'));
    assert.deepEqual(egress, needsToken ? [{ ports: WAY_OUT }] : [], 'and a way out');
  });
}

test('installs in two namespaces do not take one another’s rights away', async () => {
  const names = async (flags: readonly string[]) =>
    (await printed(['server', ...flags]))
      .filter(({ kind }) => kind.startsWith('ClusterRole'))
      .map(({ kind, metadata, subjects }) => [kind, metadata.name, subjects?.[0].namespace]);
  assert.deepEqual(await names([]), [
    ['ClusterRole', 'portcullis', undefined],
    ['ClusterRoleBinding', 'portcullis', 'portcullis-system'],
  ]);
  assert.deepEqual(await names(['--namespace', 'gate']), [
    ['ClusterRole', 'portcullis-gate', undefined],
    ['ClusterRoleBinding', 'portcullis-gate', 'gate'],
  ]);
});

/** What the roles of a kind that are bound to the server's account grant, one line a resource and name. */
function granted(kind: 'Role' | 'ClusterRole', manifests: readonly Printed[]): string[] {
  const account = ofKind('ServiceAccount', manifests).metadata;
  const bindings = manifests.filter((manifest) => manifest.kind === `${kind}Binding`);
  const roles = manifests.filter((manifest) => manifest.kind === kind);
  assert.equal(bindings.length, roles.length, 'no role that nobody has, and no binding to nothing');
  return bindings
    .flatMap(({ roleRef, subjects, metadata }) => {
      assert.deepEqual(subjects, [{ kind: 'ServiceAccount', name: account.name, namespace: account.namespace }]);
      assert.equal(roleRef.kind, kind);
      const role = roles.find(({ metadata: { name } }) => name === roleRef.name);
      assert.equal(role.metadata.namespace, metadata.namespace);
      return role.rules.flatMap(linesOf);
    })
    .sort();
}

function linesOf({ apiGroups, resources, resourceNames = [undefined], verbs }: Printed): string[] {
  return apiGroups.flatMap((group: string) =>
    resources.flatMap((resource: string) =>
      resourceNames.map(
        (name?: string) =>
          `${resource}${group === '' ? '' : `.${group}`}${name === undefined ? '' : `/${name}`}: ${verbs.join(' ')}`,
      ),
    ),
  );
}
