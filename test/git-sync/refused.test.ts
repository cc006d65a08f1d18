import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldError } from '../../author.ts';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { outcomeOf } from '../pod/outcome-of.ts';
import { webPod } from './pods.ts';

const SUPPORTED_MODES = 'Unsupported value: "cron": supported values: "init", "sidecar"';
const DEPTH = 'must be a whole number of commits from 0 (all of them) to 2147483647';
const NO_NAME = 'must be the name of a Secret in the namespace of the pod';

const annotations: { name: string; value: unknown; message: string | RegExp }[] = [
  { name: 'git-repo', value: null, message: 'Required value: a pod that asks for git-sync says which repository' },
  { name: 'git-repo', value: '', message: 'Required value: a pod that asks for git-sync says which repository' },
  { name: 'git-repo', value: 'ext::sh -c x', message: /^Invalid value: .*must not/ },
  { name: 'git-repo', value: 'file:///etc', message: /^Invalid value: "file:\/\/\/etc": must not be a path/ },
  { name: 'git-repo', value: 'https://h.example/$(TOKEN)', message: /must not contain "\$\("/ },
  { name: 'git-repo', value: '-x', message: /must not have .* begins with "-"/ },
  {
    name: 'git-ref',
    value: '--upload-pack=touch x',
    message: /^Invalid value: "--upload-pack=touch x": must not begin/,
  },
  { name: 'git-ref', value: 'a..b', message: 'Invalid value: "a..b": must not contain ".."' },
  { name: 'git-ref', value: '+refs/heads/*:refs/heads/*', message: /must not begin with "\+"/ },
  { name: 'git-ref', value: '$(HOME)', message: /must not contain "\$\("/ },
  { name: 'git-ref', value: '', message: 'Invalid value: "": must not be empty' },
  { name: 'git-period', value: '60', message: 'Invalid value: "60": must have a unit, as in "60s"' },
  { name: 'git-period', value: '9s', message: 'Invalid value: "9s": must be at least 10s' },
  { name: 'git-depth', value: '-1', message: `Invalid value: "-1": ${DEPTH}` },
  { name: 'git-depth', value: '1.5', message: `Invalid value: "1.5": ${DEPTH}` },
  { name: 'git-depth', value: '010', message: `Invalid value: "010": ${DEPTH}` },
  { name: 'git-depth', value: '2147483648', message: `Invalid value: "2147483648": ${DEPTH}` },
  {
    name: 'git-submodules',
    value: 'true',
    message: 'Unsupported value: "true": supported values: "off", "shallow", "recursive"',
  },
  { name: 'git-mode', value: 'cron', message: SUPPORTED_MODES },
  { name: 'git-container', value: 'wbe', message: 'Unsupported value: "wbe": supported values: "web"' },
  { name: 'git-container', value: 'git-sync', message: 'Unsupported value: "git-sync": supported values: "web"' },
  { name: 'git-container', value: '', message: 'Unsupported value: "": supported values: "web"' },
  { name: 'content-path', value: 'html', message: 'Invalid value: "html": must be an absolute path' },
  { name: 'git-secret', value: 'web/key', message: `Invalid value: "***": ${NO_NAME}` },
  { name: 'git-secret', value: '', message: `Invalid value: "": ${NO_NAME}` },
  { name: 'git-secret', value: ['key'], message: /must be of type string: "array"$/ },
  { name: 'mount-path', value: 'srv', message: 'Invalid value: "srv": must be an absolute path' },
  { name: 'mount-path', value: 7, message: /must be of type string: "integer"$/ },
  { name: 'git-depth', value: 1, message: /must be of type string: "integer"$/ },
  { name: 'git-ref', value: { toString: 1 }, message: /must be of type string: "object"$/ },
];
for (const { name, value, message } of annotations) {
  test(`${name}: ${JSON.stringify(value)} is refused at its annotation`, () => {
    const problems = problemsOf(webPod({}, { [name]: value }));
    assert.deepEqual(
      problems.map(({ field }) => field),
      [`metadata.annotations[extensions.example.com/${name}]`],
    );
    if (typeof message === 'string') assert.equal(problems[0]?.message, message);
    else assert.match(problems[0]?.message ?? '', message);
  });
}

test('a misspelt git-repo is named where git-repo is missed', () => {
  const [problem] = problemsOf(webPod({}, { 'git-repo': null, 'git-repos': 'https://h.example/r' }));
  const hint = 'extensions.example.com/git-repos is not known';
  assert.equal(problem?.message, `Required value: a pod that asks for git-sync says which repository; ${hint}`);
});

test('all that is wrong is said at once', () => {
  const wrong = {
    'git-repo': 'http://h.example/r',
    'git-ref': '-x',
    'git-period': '1s',
    'git-depth': 'all',
    'git-submodules': 'yes',
    'git-mode': 'job',
    'git-container': 'db',
    'content-path': '/',
    'git-secret': 'Key',
    'mount-path': '/etc',
  };
  const fields = problemsOf(webPod({ volumes: [{ name: 'git-sync-tmp', hostPath: { path: '/' } }] }, wrong))
    .map(({ field }) => field)
    .toSorted();
  const expected = [...Object.keys(wrong), 'mount-path'].map(
    (name) => `metadata.annotations[extensions.example.com/${name}]`,
  );
  assert.deepEqual(fields, [...expected, 'spec.volumes[0].name'].toSorted(), 'and that there are two paths');
});

for (const repo of [
  'https://alice:hunter2@h.example/r',
  'https://hunter2@h.example/r',
  'hunter2@',
  'ssh://git:hunter2@h/r',
]) {
  test(`the credential in ${repo} is refused and not repeated`, () => {
    const problems = problemsOf(webPod({}, { 'git-repo': repo }));
    assert.equal(problems.length, 1);
    assert.ok(!JSON.stringify(problems).includes('hunter2'), problems[0]?.message);
  });
}

const OTHERS = [
  ...['git-ref', 'git-period', 'git-depth', 'git-submodules', 'git-secret'],
  ...['git-mode', 'git-container', 'content-path', 'mount-path'],
];
const PASTED = [
  'https://alice:hunter2@h.example/r',
  'https:alice:hunter2@h.example/r',
  'alice:hunter2@h.example:r',
  'https://h.example/r?token=hunter2',
  '//hunter2@h.example//r',
];
for (const repo of PASTED) {
  test(`the credential in ${repo} is not repeated either where it was pasted into another annotation`, () => {
    for (const name of OTHERS) {
      const problems = problemsOf(webPod({}, { [name]: repo }));
      assert.equal(problems.length, 1, name);
      assert.ok(!JSON.stringify(problems).includes('hunter2'), `${name}: ${problems[0]?.message}`);
    }
  });
}

test('only the hosts that the operator allows are fetched from', () => {
  const settings = { allowedHosts: ['git.example.com'] };
  const [problem] = problemsOf(webPod(), settings);
  assert.match(problem?.message ?? '', /must be on an allowed host: git\.example\.com$/);
  const { outcome } = outcomeOf(gitSync, webPod({}, { 'git-repo': 'https://git.example.com/r' }), { settings });
  assert.equal(outcome.decision, 'allow');
});

test('localhost is not fetched from unless the operator names it, a private host unless the operator refuses those', () => {
  const on = (host: string) => webPod({}, { 'git-repo': `https://${host}/r` });
  assert.match(problemsOf(on('0x7f.1'))[0]?.message ?? '', /must not be on localhost, .*: 0x7f\.1 is 127\.0\.0\.1$/);
  const named = { settings: { allowedHosts: ['127.0.0.1'] } };
  assert.equal(outcomeOf(gitSync, on('127.0.0.1'), named).outcome.decision, 'allow');
  assert.equal(outcomeOf(gitSync, on('10.0.0.1')).outcome.decision, 'allow');
  const [problem] = problemsOf(on('10.0.0.1'), { privateHosts: 'refuse' });
  assert.match(problem?.message ?? '', /must be on a public host/);
});

test('submodules are fetched, unless the operator refuses them', () => {
  const pod = (submodules: string) => webPod({}, { 'git-submodules': submodules });
  const settings = { submodules: 'refuse' };
  assert.equal(outcomeOf(gitSync, pod('shallow')).outcome.decision, 'allow');
  assert.equal(outcomeOf(gitSync, pod('off'), { settings }).outcome.decision, 'allow');
  assert.deepEqual(
    problemsOf(pod('shallow'), settings).map(({ field, message }) => `${field}: ${message}`),
    [
      'metadata.annotations[extensions.example.com/git-submodules]: Invalid value: "shallow": must be "off": submodules come from whatever hosts the repository names, which is not allowed here',
    ],
  );
  assert.match(problemsOf(pod('on'), settings)[0]?.message ?? '', /^Unsupported value: "on"/);
});

for (const repo of ['git@github.com:o/r.git', 'ssh://git@h.example/r']) {
  test(`${repo} without a Secret is refused at the annotation that is missing`, () => {
    const key = 'over SSH git-sync needs a key: name a Secret with the keys ssh and known_hosts';
    const problems = problemsOf(webPod({}, { 'git-repo': repo }));
    assert.deepEqual(
      problems.map(({ field, message }) => `${field}: ${message}`),
      [`metadata.annotations[extensions.example.com/git-secret]: Required value: ${key}`],
    );
  });
}

test('a pod that says by two paths where its content goes is refused at one of them, even where they agree', () => {
  const problems = problemsOf(webPod({}, { 'content-path': '/srv/site/current', 'mount-path': '/srv/site' }));
  assert.deepEqual(
    problems.map(({ field, message }) => `${field}: ${message}`),
    [
      'metadata.annotations[extensions.example.com/mount-path]: Forbidden: may not be set where extensions.example.com/content-path is: choose one',
    ],
  );
});

for (const [given, secret] of Object.entries({
  'a token': 'ghp_hunter2',
  'a user and a password': 'alice:hunter2',
  'a key': '-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2\n-----END OPENSSH PRIVATE KEY-----\n',
})) {
  test(`${given} that was pasted where a Secret's name belongs is not repeated`, () => {
    const [problem, ...others] = problemsOf(webPod({}, { 'git-secret': secret }));
    assert.deepEqual(others, []);
    assert.equal(problem?.message, `Invalid value: "***": ${NO_NAME}`);
  });
}

function problemsOf(pod: object, settings: object = {}): FieldError[] {
  const { outcome, patch } = outcomeOf(gitSync, pod, { settings });
  assert.equal(outcome.decision, 'deny', JSON.stringify(outcome));
  assert.deepEqual(patch, [], 'nothing is changed');
  return outcome.decision === 'deny' ? (outcome.problems as FieldError[]) : [];
}
