import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { webPod } from '../git-sync/pods.ts';
import { outcomeOf } from '../pod/outcome-of.ts';
import { told, websites } from './told.ts';
import { TEMPLATES, workload } from './workloads.ts';

const GIT_SYNC = 'extensions.example.com/git-sync';
const REFUSED = 'the pods of Deployment shop would be refused';
const BAD = webPod({}, { 'git-ref': 'main..next' });

for (const { apiVersion, kind, at } of TEMPLATES) {
  test(`whoever applies a ${apiVersion} ${kind} is told that its pods would be refused, and why`, async () => {
    const warnings = await told({ object: workload(BAD, { apiVersion, kind }) });
    assert.equal(warnings[0], `the pods of ${kind} shop would be refused`);
    const why = 'extensions.example.com/git-ref: must not contain ".."';
    // By the field in full, but where that would cut the reason.
    assert.ok([why, `${at}.metadata.annotations[${why.replace(':', ']:')}`].includes(warnings[1] ?? ''), warnings[1]);
    assert.equal(warnings.length, 2);
    assert.deepEqual(await told({ object: workload(webPod(), { apiVersion, kind }) }), []);
  });
}

const pods: readonly { given: string; pod: object }[] = [
  { given: 'that says no more than it must', pod: webPod() },
  { given: 'that asks for nothing', pod: { spec: { containers: [{ name: 'web' }] } } },
  { given: 'that says "false"', pod: { ...webPod(), metadata: { labels: { [GIT_SYNC]: 'false' } } } },
  { given: 'without a repository', pod: { ...webPod(), metadata: { labels: { [GIT_SYNC]: 'true' } } } },
  { given: 'with wrong settings', pod: webPod({}, { 'git-period': '1', 'git-depth': '-1', 'git-submodules': 'all' }) },
  { given: 'with a container of that name', pod: webPod({ containers: [{ name: 'web' }, { name: 'git-sync' }] }) },
  { given: 'with an init container of that name', pod: webPod({ initContainers: [{ name: 'git-sync' }] }) },
  {
    given: 'with a volume of that name',
    pod: webPod({ volumes: [{ name: 'git-sync-tmp', hostPath: { path: '/' } }] }),
  },
  { given: 'that names a container it has not', pod: webPod({}, { 'git-container': 'app' }) },
  { given: 'whose content would go over the programs', pod: webPod({}, { 'content-path': '/usr/html' }) },
  { given: 'over SSH without a key', pod: webPod({}, { 'git-repo': 'git@github.com:o/r' }) },
  { given: 'that ends by itself', pod: webPod({ restartPolicy: 'Never' }) },
  { given: 'for Windows', pod: webPod({ os: { name: 'windows' } }) },
  { given: 'that has its git-sync', pod: outcomeOf(gitSync, webPod()).pod },
];
for (const { given, pod } of pods) {
  test(`a pod ${given} would be refused by its template just where git-sync refuses it, in the same fields`, async () => {
    const { outcome } = outcomeOf(gitSync, pod);
    const problems = outcome.decision === 'deny' ? outcome.problems : [];
    const [first, ...reasons] = await told({ object: workload(pod) });
    if (problems.length === 0) return assert.notEqual(first, REFUSED);
    assert.equal(first, REFUSED);
    assert.equal(reasons.length, problems.length);
    for (const [i, problem] of problems.entries()) {
      const field = typeof problem === 'string' ? problem : problem.field;
      const [key = field] = /(?<=annotations\[).*(?=\])/.exec(field) ?? [];
      const places = [`spec.template.${field}: `, `${key}: `];
      assert.ok(
        places.some((place) => reasons[i]?.startsWith(place)),
        `${reasons[i]} for ${field}`,
      );
    }
  });
}

const cut: { given: string; pod: object; warning: string }[] = [
  {
    given: 'the repository that is missing',
    pod: { ...webPod(), metadata: { labels: { [GIT_SYNC]: 'true' } } },
    warning: 'extensions.example.com/git-repo: Required value: a pod that asks for git-sync says which repository',
  },
  {
    given: 'the depth that there is not',
    pod: webPod({}, { 'git-depth': 'all' }),
    warning: 'extensions.example.com/git-depth: must be a whole number of commits from 0 (all of them) to 2147483647',
  },
  {
    given: 'a ref, for which there is room',
    pod: BAD,
    warning: 'spec.template.metadata.annotations[extensions.example.com/git-ref]: must not contain ".."',
  },
];
for (const { given, pod, warning } of cut) {
  test(`${given}: what is told of it ends with what would be right, within the length of a warning`, async () => {
    assert.equal((await told({ object: workload(pod) }))[1], warning);
  });
}

test('what the settings of git-sync forbid, only the pods are told', async () => {
  const pod = webPod({}, { 'git-repo': 'https://127.0.0.1/r' });
  assert.equal(outcomeOf(gitSync, pod).outcome.decision, 'deny');
  assert.deepEqual(await told({ object: workload(pod) }), []);
});

const names: readonly { metadata: object; pods: string }[] = [
  { metadata: { name: 'a'.repeat(63) }, pods: `Deployment ${'a'.repeat(63)}` },
  { metadata: { name: 'a'.repeat(64) }, pods: 'this Deployment' },
  { metadata: { name: undefined, generateName: 'shop-' }, pods: 'this Deployment' },
  { metadata: { name: '', generateName: 'shop-' }, pods: 'this Deployment' },
];
for (const { metadata, pods } of names) {
  test(`pods of ${JSON.stringify(metadata)} are those of ${pods}`, async () => {
    const [first] = await told({ object: workload(BAD, undefined, { metadata }) });
    assert.equal(first, `the pods of ${pods} would be refused`);
  });
}

test('a claim of a StatefulSet that takes the name of a volume is told as the claim', async () => {
  const kind = { apiVersion: 'apps/v1', kind: 'StatefulSet' };
  const claims = ['data', 'git-sync-content'].map((name) => ({ metadata: { name } }));
  const object = workload(webPod({ volumes: [{ name: 'cache', emptyDir: {} }] }), kind, {
    more: { volumeClaimTemplates: claims },
  });
  const [first, reason, ...others] = await told({ object });
  assert.equal(first, 'the pods of StatefulSet shop would be refused');
  assert.match(String(reason), /^spec\.volumeClaimTemplates\[1\]\.metadata\.name: is the name of a volume/);
  assert.deepEqual(others, []);
  const deployment = workload(webPod(), undefined, { more: { volumeClaimTemplates: claims } });
  assert.deepEqual(await told({ object: deployment }), [], 'no other kind has any');
});

test('what another controller owns is left to its owner, and what anybody else does is not', async () => {
  const owned = (owner: object) => workload(BAD, undefined, { metadata: { ownerReferences: [owner] } });
  assert.deepEqual(await told({ object: owned({ kind: 'Rollout', controller: true }) }), []);
  for (const owner of [{ kind: 'App' }, { kind: 'App', controller: false }, { kind: 'App', controller: null }]) {
    assert.equal((await told({ object: owned(owner) }))[0], REFUSED);
  }
});

const updates: readonly { sentence: string; old: object; now: object; isTold: boolean }[] = [
  {
    sentence: 'replicas alone',
    old: workload(BAD),
    now: workload(BAD, undefined, { more: { replicas: 3 } }),
    isTold: false,
  },
  {
    sentence: 'a label of its own',
    old: workload(BAD),
    now: workload(BAD, undefined, { metadata: { labels: { [GIT_SYNC]: 'true' } } }),
    isTold: false,
  },
  { sentence: 'a template that was right', old: workload(webPod()), now: workload(BAD), isTold: true },
  {
    sentence: 'the image of a template that was wrong',
    old: workload(webPod({ containers: [{ name: 'web', image: 'nginx' }] }, { 'git-ref': 'a..b' })),
    now: workload(BAD),
    isTold: true,
  },
  {
    sentence: 'a template that was not there',
    old: { ...workload(BAD), spec: null },
    now: workload(BAD),
    isTold: true,
  },
  { sentence: 'a template that goes', old: workload(BAD), now: { ...workload(BAD), spec: null }, isTold: false },
];
for (const { sentence, old, now, isTold } of updates) {
  test(`an update of ${sentence} is ${isTold ? 'told' : 'silent'}`, async () => {
    assert.equal((await told({ object: now, oldObject: old })).length > 0, isTold);
  });
}

test('a sidecar that cannot be is told of where no native ones are, and nowhere else', async () => {
  const object = workload(webPod({ restartPolicy: 'Never' }, { 'git-mode': 'sidecar' }), {
    apiVersion: 'batch/v1',
    kind: 'Job',
  });
  const [doubt, ...others] = await told({ object, kubeVersion: { major: 1, minor: 28 } });
  assert.match(String(doubt), /^extensions\.example\.com\/git-mode: no sidecar: .* the content is fetched once$/);
  assert.deepEqual(others, []);
  assert.deepEqual(await told({ object, kubeVersion: { major: 1, minor: 29 } }), []);
  assert.deepEqual(await told({ object }), []);
});

test('a namespace that asks speaks for templates that say which repository, and hears of those that misspell it', async () => {
  const silent = { containers: [{ name: 'web' }] };
  const says = (annotations: object) => workload({ metadata: { annotations }, spec: silent });
  const bad = says({ 'extensions.example.com/git-repo': 'ftp://o/r' });
  const misspelt = says({ 'extensions.example.com/git-repos': 'https://github.com/o/r' });
  assert.equal((await told({ object: bad, selector: 'namespace' }))[0], REFUSED);
  assert.match(
    String(await told({ object: misspelt, selector: 'namespace' })),
    /^spec\.template: did you mean git-repo\?/,
  );
  assert.deepEqual(await told({ object: says({}), selector: 'namespace' }), []);
  for (const object of [bad, misspelt]) assert.deepEqual(await told({ object, selector: 'workload' }), []);
});

const named = (name: string, more: object = {}) => {
  return workload(
    { metadata: { labels: { 'extensions.example.com/website': name } }, spec: { containers: [{ name: 'web' }] } },
    undefined,
    more,
  );
};
const site = (metadata: object = {}) => ({ metadata, spec: { gitRepo: 'https://github.com/o/r' } });

test('a Website is looked for where the template names one, and where nobody else has been told', async () => {
  const asked: string[] = [];
  const lookups = websites({ kubia: site() }, asked);
  assert.deepEqual(await told({ object: named('kubia'), lookups }), []);
  assert.deepEqual(asked, ['kubia']);
  const controlled = { metadata: { ownerReferences: [{ controller: true }] } };
  for (const object of [workload(webPod()), named(''), named('kubia', controlled)]) await told({ object, lookups });
  assert.deepEqual(asked, ['kubia'], 'nothing more');
});

const missing: readonly { given: string; found: { readonly [name: string]: object }; reason: RegExp }[] = [
  { given: 'is not there', found: {}, reason: /^Website kubia: there is no Website of that name/ },
  {
    given: 'is being deleted',
    found: { kubia: site({ deletionTimestamp: '2026-01-01T00:00:00Z' }) },
    reason: /^Website kubia: the Website of that name is being deleted$/,
  },
  { given: 'names no repository', found: { kubia: { spec: {} } }, reason: /^Website kubia: .*spec\.gitRepo/ },
];
for (const { given, found, reason } of missing) {
  test(`a Website that ${given} is told of, and that this may change`, async () => {
    const [first, why, ...others] = await told({ object: named('kubia'), lookups: websites(found) });
    assert.equal(first, `${REFUSED} until Website kubia is in order`);
    assert.match(String(why), reason);
    assert.deepEqual(others, []);
  });
}

test('a template that names the Website of no name is wrong by itself, and for ever', async () => {
  const [first, why] = await told({ object: named('') });
  assert.equal(first, REFUSED);
  assert.match(String(why), /^spec\.template\.metadata\.labels\[extensions\.example\.com\/website\]: must be the name/);
});

test('where Websites cannot be known, the workload is admitted all the same, and its author told why nobody looked', async () => {
  const lookups = { find: () => Promise.reject(new Error('websites have not been listed yet')) };
  assert.deepEqual(await told({ object: named('kubia'), lookups }), [
    'failed: Error: websites have not been listed yet',
  ]);
  assert.deepEqual(await told({ object: workload(webPod()), lookups }), []);
});
