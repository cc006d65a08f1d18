import assert from 'node:assert/strict';
import { test } from 'node:test';
import { websiteSource } from '../../rules/website/website-source.ts';
import { type Decision, decisionOf, website } from './decision-of.ts';

const decide = (object: unknown, oldObject?: unknown, allowedHosts: string[] = []): Decision =>
  decisionOf(websiteSource, object, oldObject, { allowedHosts });

const MOVED = 'spec.gitRepo changed: pods that run keep the old repository until they are replaced';
const ABBREVIATED = 'spec.ref looks like an abbreviated commit hash, which git-sync cannot fetch: give all its digits';
const LONG_PREFIX = 'must be no more than 50 characters: 5 and "-website" follow it';
const BAD = { gitRepo: 'github.com/o/r', ref: 'a..b', period: '1s' };
const BAD_PERIOD = 'spec.period: Invalid value: "1s": must be at least 10s';

test('a Website as the book has it is admitted without a word', () => {
  assert.deepEqual(decide(website()), { problems: [], warnings: [] });
});

test('everything that is wrong is said at once, in the API server’s form', () => {
  assert.deepEqual(decide(website(BAD, { name: '1abc' })).problems, [
    'metadata.name: Invalid value: "1abc": must begin with a lower-case letter and have nothing but lower-case letters, digits and "-", the last not "-"',
    'spec.gitRepo: Invalid value: "github.com/o/r": must be https://host/path, ssh://git@host/path or git@host:path; did you mean https://github.com/o/r?',
    'spec.ref: Invalid value: "a..b": must not contain ".."',
    BAD_PERIOD,
  ]);
});

test('a password is refused and not repeated', () => {
  const { problems } = decide(website({ gitRepo: 'https://u:hunter2@h/r' }));
  assert.deepEqual(problems, [
    'spec.gitRepo: Invalid value: "https://***@h/r": must not carry a user name, a password or a token: keep those in a Secret, and name the Secret',
  ]);
});

const PASTED = ['https://u:hunter2@h/r', 'https:u:hunter2@h/r', 'u:hunter2@h:r', 'https://h/r?token=hunter2'];
for (const repo of PASTED) {
  test(`${repo} in another field than its own is refused there and not repeated`, () => {
    const { problems } = decide(website({ ref: repo, period: repo }, { name: repo }));
    assert.equal(problems.length, 3);
    assert.ok(!problems.join().includes('hunter2'), problems.join());
  });
}

test('a ref with an "@" and nothing before it is shown as it is', () => {
  assert.deepEqual(decide(website({ ref: '@' })).problems, [
    'spec.ref: Invalid value: "@": must not be "@" or contain "@{"',
  ]);
});

test('a repository on a host that is not allowed is refused', () => {
  const { problems } = decide(website(), undefined, ['git.example.com']);
  assert.match(problems.join(), /^spec\.gitRepo: .*: must be on an allowed host: git\.example\.com$/);
});

test('a value of a megabyte is shown in part', () => {
  const { problems } = decide(website({ gitRepo: 'r'.repeat(1e6), ref: '-'.repeat(1e6), period: 'x'.repeat(1e6) }));
  assert.equal(problems.length, 3);
  assert.ok(problems.every((problem) => problem.length < 500));
});

test('a ref that looks abbreviated gets a warning when it is set, not whenever anything changes', () => {
  const site = website({ ref: 'abc1234' });
  assert.deepEqual(decide(site), { problems: [], warnings: [ABBREVIATED] });
  assert.deepEqual(decide(site, website()).warnings, [ABBREVIATED]);
  assert.deepEqual(decide(website({ ref: 'abc1234', period: '5m' }), site).warnings, []);
});

test('a moved repository gets a warning', () => {
  assert.deepEqual(decide(website({ gitRepo: 'https://h/r' }), website()), { problems: [], warnings: [MOVED] });
});

test('warnings fit into what the API server passes on whole', () => {
  for (const warning of [MOVED, ABBREVIATED]) assert.ok(warning.length <= 120, warning);
});

const updates: { [sentence: string]: [now: unknown, old: unknown, ...problems: string[]] } = {
  'of labels alone leaves be what was wrong': [website(BAD, { labels: { a: 'b' } }), website(BAD)],
  'of one field leaves be what is wrong in others': [website({ ...BAD, period: '60s' }), website(BAD)],
  'of one field to something wrong is refused for that field': [
    website({ ...BAD, period: '1s' }),
    website({ ...BAD, period: '2s' }),
    BAD_PERIOD,
  ],
  'that adds a field is refused if it is wrong': [website({ period: '1s' }), website(), BAD_PERIOD],
  'that removes what was wrong is admitted': [website(), website({ period: '1s' })],
  'of a Website that is being deleted is checked as any other': [
    website({ period: '1s' }, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    website({}, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    BAD_PERIOD,
  ],
  'of a Website whose name is too long is admitted': [
    website({ period: '5m' }, { name: 'a'.repeat(60) }),
    website({}, { name: 'a'.repeat(60) }),
  ],
  'from a spec that was none is checked whole': [website({ period: '1s' }), { metadata: {}, spec: null }, BAD_PERIOD],
};

for (const [sentence, [now, old, ...problems]] of Object.entries(updates)) {
  test(`an update ${sentence}`, () => assert.deepEqual(decide(now, old).problems, problems));
}

const FIFTY = 'a'.repeat(50);
const generated: { [sentence: string]: [metadata: object, ...problems: string[]] } = {
  'of 50 characters is fine': [{ name: `${FIFTY}x7k2p`, generateName: FIFTY }],
  'of 51 is refused as such, not as the name made of it': [
    { name: `${FIFTY}ax7k2p`, generateName: `${FIFTY}a` },
    `metadata.generateName: Invalid value: "${FIFTY}a": ${LONG_PREFIX}`,
  ],
  'of 70, which the API server cuts, is refused as such': [
    { name: `${'a'.repeat(58)}x7k2p`, generateName: 'a'.repeat(70) },
    `metadata.generateName: Invalid value: "${'a'.repeat(70)}": ${LONG_PREFIX}`,
  ],
  'is checked where the name is not made yet': [
    { name: undefined, generateName: '1-' },
    'metadata.generateName: Invalid value: "1-": must begin with a lower-case letter and have nothing but lower-case letters, digits and "-"',
  ],
  'does not matter where a name is given': [{ name: 'kubia', generateName: '1-' }],
};

for (const [sentence, [metadata, ...problems]] of Object.entries(generated)) {
  test(`a generateName ${sentence}`, () => assert.deepEqual(decide(website({}, metadata)).problems, problems));
}

const oddities: { [sentence: string]: unknown } = {
  'a spec of null': { metadata: { name: 'a' }, spec: null },
  'no spec': { metadata: { name: 'a' } },
  'a text for a spec': { metadata: { name: 'a' }, spec: 'gitRepo' },
  'a list for a spec': { metadata: { name: 'a' }, spec: ['x'] },
  'numbers for texts': website({ gitRepo: 5, ref: 1, period: 60 }, { name: 7, generateName: 8 }),
  'null for texts': website({ gitRepo: null, ref: null, period: null }, { name: null }),
  'objects for texts': website({ gitRepo: {}, ref: [], period: { toString: 1 } }),
  'no metadata': { spec: {} },
  'nothing at all': {},
  'a prototype for a name': JSON.parse(
    '{"metadata": {"__proto__": {"name": "A"}}, "spec": {"__proto__": {"ref": "-"}}}',
  ),
};

for (const [sentence, object] of Object.entries(oddities)) {
  test(`${sentence} is left to website-schema`, () => {
    assert.deepEqual(decide(object), { problems: [], warnings: [] });
    assert.deepEqual(decide(object, website()), { problems: [], warnings: [] });
    assert.deepEqual(decide(website(), object).problems, []);
  });
}
