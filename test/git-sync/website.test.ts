import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldError } from '../../author.ts';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { gitSyncPresent } from '../../rules/git-sync/git-sync-present.ts';
import { type Given, outcomeOf } from '../pod/outcome-of.ts';
import { website } from '../website/decision-of.ts';
import { gitSyncIn } from './git-sync-in.ts';
import { REPO, webPod, websitePod } from './pods.ts';

const LABEL = 'extensions.example.com/website';

test('a pod that names a Website serves what that says, where and how the pod says', () => {
  const spec = { ref: 'v1', period: '5m', depth: 0, submodules: 'shallow' };
  const pod = websitePod({}, { 'content-path': '/srv/site/public', 'git-container': 'web' });
  const { outcome, pod: after } = outcomeOf(gitSync, pod, { found: { website: website(spec) } });
  assert.equal(outcome.decision, 'allow', JSON.stringify(outcome));
  const { args } = gitSyncIn(after).container;
  const expected = ['--ref=v1', '--link=/git/public', '--depth=0', '--submodules=shallow', '--period=5m'];
  for (const arg of [`--repo=${REPO}`, ...expected]) assert.ok(args.includes(arg), `${arg} in ${args.join(' ')}`);
});

test('of a Website that leaves out what an API server would fill in, the same is fetched as of a pod that does', () => {
  const plain = gitSyncIn(outcomeOf(gitSync, webPod()).pod).container;
  for (const spec of [{}, { ref: null, period: null, depth: null, submodules: null, credentials: null }]) {
    const { pod } = outcomeOf(gitSync, websitePod(), { found: { website: website(spec) } });
    assert.deepEqual(gitSyncIn(pod).container, plain);
  }
});

test('a pod that asks by both labels is served the Website', () => {
  const pod = websitePod({}, {}, { 'extensions.example.com/git-sync': 'true' });
  assert.equal(outcomeOf(gitSync, pod, { found: { website: website() } }).outcome.decision, 'allow');
});

const unnamed = 'must be the name of a Website in the namespace of the pod';
const unserved = 'the Website of that name cannot be served: ';
const refusals: { given: string; name?: unknown; website?: unknown; settings?: object; message: string }[] = [
  {
    given: 'there is none',
    website: undefined,
    message: 'Invalid value: "kubia": there is no Website of that name in the namespace of the pod',
  },
  { given: 'the name is empty', name: '', website: undefined, message: `Invalid value: "": ${unnamed}` },
  { given: 'the name is a number', name: 7, website: undefined, message: `Invalid value: 7: ${unnamed}` },
  {
    given: 'the name cannot even be written',
    name: { toString: 1 },
    website: undefined,
    message: `Invalid value: {"toString":1}: ${unnamed}`,
  },
  {
    given: 'it is being deleted',
    website: website({}, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    message: 'Invalid value: "kubia": the Website of that name is being deleted',
  },
  {
    given: 'it has no spec',
    website: { metadata: { name: 'kubia' } },
    message: `Invalid value: "kubia": ${unserved}spec.gitRepo: Required value`,
  },
  {
    given: 'its repository was stored while nobody asked',
    website: website({ gitRepo: 'file:///etc' }),
    message: `Invalid value: "kubia": ${unserved}spec.gitRepo: Invalid value: "file:///etc": must not be a path on the machine that fetches it; it must be https://host/path, ssh://git@host/path or git@host:path`,
  },
  {
    given: 'it has a ref for an option',
    website: website({ ref: '--upload-pack=x' }),
    message: `Invalid value: "kubia": ${unserved}spec.ref: Invalid value: "--upload-pack=x": must not begin with "-", which git would take for an option`,
  },
  {
    given: 'its depth is a text, as the annotation has it',
    website: website({ depth: '1' }),
    message: `Invalid value: "kubia": ${unserved}spec.depth: Invalid value: "string": spec.depth in body must be of type integer: "string"`,
  },
  {
    given: 'it is fetched over SSH without a Secret',
    website: website({ gitRepo: 'git@github.com:o/r.git' }),
    message: `Invalid value: "kubia": ${unserved}spec.credentials.secretName: Required value: over SSH git-sync needs a key: name a Secret with the keys ssh and known_hosts`,
  },
  {
    given: 'its host is none that git-sync may fetch from',
    website: website(),
    settings: { allowedHosts: ['git.example.com'] },
    message: `Invalid value: "kubia": ${unserved}spec.gitRepo: Invalid value: "${REPO}": must be on an allowed host: git.example.com`,
  },
  {
    given: 'it is to be fetched more often than git-sync may',
    website: website({ period: '60s' }),
    settings: { minimumPeriodSeconds: 61 },
    message: `Invalid value: "kubia": ${unserved}spec.period: Invalid value: "60s": must be at least 61s`,
  },
];
for (const { given, name = 'kubia', website, settings, message } of refusals) {
  test(`a pod that names a Website is refused at its label where ${given}`, () => {
    const pod = websitePod({}, {}, { [LABEL]: name });
    assert.deepEqual(linesOf(pod, { found: { website }, settings }), [`metadata.labels[${LABEL}]: ${message}`]);
  });
}

test('what cannot be served is not served either where git-sync was never asked; where from is not for git-sync-present to say', () => {
  const deny = (found: unknown) => outcomeOf(gitSyncPresent, websitePod(), { found: { website: found } }).outcome;
  for (const { website, settings } of refusals) {
    if (settings === undefined) assert.equal(deny(website).decision, 'deny');
  }
});

test('all faults of a Website are said at once', () => {
  const found = { website: website({ gitRepo: '-x', ref: '-x', period: '1', depth: -1, submodules: 'on' }) };
  const lines = linesOf(websitePod(), { found });
  assert.deepEqual(
    lines.map((line) => /served: (spec\.\w+):/.exec(line)?.[1]),
    ['spec.gitRepo', 'spec.ref', 'spec.period', 'spec.depth', 'spec.submodules'],
  );
});

const own = ['git-repo', 'git-ref', 'git-period', 'git-depth', 'git-submodules', 'git-secret'];
for (const annotation of own) {
  test(`${annotation} beside a Website is refused, even where both say the same`, () => {
    const pod = websitePod({}, { [annotation]: 'x' });
    const forbidden = `Forbidden: may not be set where the label ${LABEL} is: the Website says it (kubia)`;
    assert.deepEqual(linesOf(pod, { found: { website: website() } }), [
      `metadata.annotations[extensions.example.com/${annotation}]: ${forbidden}`,
    ]);
  });
}

test('annotations beside a Website that is not there are refused with it, and no more than that is said of either', () => {
  const lines = linesOf(websitePod({}, { 'git-repo': '-x', 'git-mode': 'cron' }), { found: {} });
  assert.deepEqual(
    lines.map((line) => line.slice(0, line.indexOf(':'))),
    [
      `metadata.labels[${LABEL}]`,
      'metadata.annotations[extensions.example.com/git-repo]',
      'metadata.annotations[extensions.example.com/git-mode]',
    ],
  );
});

test('a Website that changed between two calls is not served half: the second says whom to ask again', () => {
  const { pod } = outcomeOf(gitSync, websitePod(), { found: { website: website() } });
  for (const spec of [{ ref: 'v2' }, { gitRepo: 'https://h.example/r' }, { credentials: { secretName: 'key' } }]) {
    const [line, ...others] = linesOf(pod, { found: { website: website(spec) } });
    assert.deepEqual(others, []);
    assert.match(line ?? '', /^spec\.containers\[1\]\.name: .*, or try again if the Website has just changed$/);
  }
});

test('a Website that is to be fetched at another pace since the first call changes nothing', () => {
  const { pod } = outcomeOf(gitSync, websitePod(), { found: { website: website() } });
  const again = outcomeOf(gitSync, pod, { found: { website: website({ period: '5m', depth: 7 }) } });
  assert.equal(again.outcome.decision === 'skip' && again.outcome.reason, 'already_injected');
});

function linesOf(pod: object, given: Given): string[] {
  const { outcome, patch } = outcomeOf(gitSync, pod, given);
  assert.equal(outcome.decision, 'deny', JSON.stringify(outcome));
  assert.deepEqual(patch, [], 'nothing is changed');
  const problems = outcome.decision === 'deny' ? (outcome.problems as FieldError[]) : [];
  return problems.map(({ field, message }) => `${field}: ${message}`);
}
