import assert from 'node:assert/strict';
import { test } from 'node:test';
import { websiteSource } from '../../rules/website/website-source.ts';
import { MAX_WARNING_LENGTH } from '../../webhook/respond.ts';
import { filledIn } from '../pod/outcome-of.ts';
import { type Decision, decisionOf, website } from './decision-of.ts';

const decide = (object: unknown, oldObject?: unknown, settings: object = {}): Decision =>
  decisionOf(websiteSource, object, oldObject, filledIn(websiteSource, settings));

const MOVED = 'spec.gitRepo changed: pods that run keep the old repository until they are replaced';
const REF_MOVED = 'spec.ref changed: pods that run keep the old ref until they are replaced';
const SECRET_MOVED = 'spec.credentials changed: pods that run keep the old Secret until they are replaced';
const ALL_MOVED = 'spec.gitRepo, spec.ref, spec.credentials changed: pods that run keep the old ones until replaced';
const PAGE = 'spec.gitRepo looks like a page of a repository: leave out what follows its name, and set spec.ref';
const PORT = 'spec.gitRepo has a number after its host that is no port: with one it is ssh://git@host:port/path';
const NEVER_NEW = 'spec.period does nothing: spec.ref is a whole commit hash, which is never anything new';
const ABBREVIATED = 'spec.ref looks like an abbreviated commit hash, which git-sync cannot fetch: give all its digits';
const LONG_PREFIX = 'must be no more than 50 characters: 5 and "-website" follow it';
const BAD = { gitRepo: 'github.com/o/r', ref: 'a..b', period: '1s' };
const BAD_NAME = dotted('A');
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
  const { problems } = decide(website(), undefined, { allowedHosts: ['git.example.com'] });
  assert.match(problems.join(), /^spec\.gitRepo: .*: must be on an allowed host: git\.example\.com$/);
});

test('a repository within the network is admitted, unless the operator says otherwise', () => {
  const site = website({ gitRepo: 'https://gitea.web.svc/o/r' });
  assert.deepEqual(decide(site), { problems: [], warnings: [] });
  assert.match(decide(site, undefined, { privateHosts: 'refuse' }).problems.join(), /must be on a public host/);
});

const OFF = 'must be "off": submodules come from whatever hosts the repository names, which is not allowed here';

test('submodules are fetched from wherever the repository says, unless the operator refuses them', () => {
  const site = website({ submodules: 'recursive' });
  const settings = { allowedHosts: ['github.com'], submodules: 'refuse' };
  assert.deepEqual(decide(site, undefined, { allowedHosts: ['github.com'] }), { problems: [], warnings: [] });
  assert.deepEqual(decide(site, website(), settings).problems, [`spec.submodules: Invalid value: "recursive": ${OFF}`]);
  assert.deepEqual(decide(website({ submodules: 'off' }), undefined, settings).problems, []);
  // What was there before the operator said so stays, and what the schema refuses is left to it.
  assert.deepEqual(decide(site, website({ submodules: 'recursive', depth: 2 }), settings).problems, []);
  assert.deepEqual(decide(website({ submodules: 'on' }), undefined, settings).problems, []);
});

test('a repository on localhost in disguise is refused without any setting, and its disguise taken off', () => {
  assert.deepEqual(decide(website({ gitRepo: 'https://[::ffff:7f00:1]/r' })).problems, [
    'spec.gitRepo: Invalid value: "https://[::ffff:7f00:1]/r": must not be on localhost, which is the pod that fetches it: ::ffff:7f00:1 is 127.0.0.1',
  ]);
});

test('a value of a megabyte is shown in part', () => {
  const { problems } = decide(website({ gitRepo: 'r'.repeat(1e6), ref: '-'.repeat(1e6), period: 'x'.repeat(1e6) }));
  assert.equal(problems.length, 3);
  assert.ok(problems.every((problem) => problem.length < 500));
});

test('a ref that looks abbreviated gets a warning when it is set, not whenever anything changes', () => {
  const site = website({ ref: 'abc1234' });
  assert.deepEqual(decide(site), { problems: [], warnings: [ABBREVIATED] });
  assert.deepEqual(decide(site, website()).warnings, [REF_MOVED, ABBREVIATED]);
  assert.deepEqual(decide(website({ ref: 'abc1234', period: '5m' }), site).warnings, []);
});

const HASH = '8f9e2a1c0b3d4e5f60718293a4b5c6d7e8f90a1b';
const SECRET = { credentials: { secretName: 'key' } };
const OTHER_SECRET = { credentials: { secretName: 'other' } };

const doubts: { [sentence: string]: [now: object, old: object | undefined, ...warnings: string[]] } = {
  'a moved repository': [{ gitRepo: 'https://h/r' }, {}, MOVED],
  'another ref': [{ ref: 'v2' }, { ref: 'v1' }, REF_MOVED],
  'another Secret': [OTHER_SECRET, SECRET, SECRET_MOVED],
  'a first Secret': [SECRET, {}, SECRET_MOVED],
  'no Secret any more': [{}, SECRET, SECRET_MOVED],
  'all of them, once': [{ gitRepo: 'https://h/r', ref: 'v2', ...OTHER_SECRET }, { ref: 'v1', ...SECRET }, ALL_MOVED],
  'a page of a forge that is not known': [{ gitRepo: 'https://ghe.example/o/r/tree/main' }, undefined, PAGE],
  'a page of a GitLab of one’s own': [{ gitRepo: 'https://git.example/g/s/r/-/blob/main/a' }, undefined, PAGE],
  'a page of a Forgejo of one’s own': [{ gitRepo: 'https://git.example/o/r/src/branch/main' }, undefined, PAGE],
  'a port where a path begins': [{ gitRepo: 'git@git.example:7999/o/r' }, undefined, PORT],
  'a period for a whole hash': [{ ref: HASH, period: '5m' }, undefined, NEVER_NEW],
  'a whole hash where there is a period': [
    { ref: HASH, period: '5m' },
    { ref: 'v1', period: '5m' },
    REF_MOVED,
    NEVER_NEW,
  ],
};

for (const [sentence, [now, old, ...warnings]] of Object.entries(doubts)) {
  test(`there is a warning of ${sentence}`, () => {
    const oldObject = old === undefined ? undefined : website(old);
    assert.deepEqual(decide(website(now), oldObject), { problems: [], warnings });
  });
}

const undoubted: { [sentence: string]: [now: object, old?: object] } = {
  'a whole hash with the period that everybody gets': [{ ref: HASH, period: '60s' }],
  'a whole hash that was there': [
    { ref: HASH, period: '5m', depth: 2 },
    { ref: HASH, period: '5m' },
  ],
  'a page that was there': [
    { gitRepo: 'https://ghe.example/o/r/tree/main', depth: 2 },
    { gitRepo: 'https://ghe.example/o/r/tree/main' },
  ],
  'a port that was there': [{ gitRepo: 'git@git.example:7999/o/r', depth: 2 }, { gitRepo: 'git@git.example:7999/o/r' }],
  'a path that is a number': [{ gitRepo: 'git@git.example:7999' }],
  'a port in its place': [{ gitRepo: 'ssh://git@git.example:7999/o/r' }],
  'a group with the name of a page': [{ gitRepo: 'https://git.example/o/r/tree' }],
  'another period': [{ period: '5m' }, { period: '6m' }],
};

for (const [sentence, [now, old]] of Object.entries(undoubted)) {
  test(`there is no warning of ${sentence}`, () => {
    const oldObject = old === undefined ? undefined : website(old);
    assert.deepEqual(decide(website(now), oldObject), { problems: [], warnings: [] });
  });
}

test('warnings and the rule’s name before them fit into what the API server passes on whole', () => {
  for (const warning of [MOVED, ALL_MOVED, PAGE, PORT, ABBREVIATED, NEVER_NEW]) {
    assert.ok(`[website-source] ${warning}`.length <= MAX_WARNING_LENGTH, warning);
  }
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
  'that swaps two wrong fields is refused for both': [
    website({ ref: '1s', period: 'a..b' }),
    website({ ref: 'a..b', period: '1s' }),
    'spec.period: Invalid value: "a..b": must be a duration such as "60s", "5m" or "1h30m" (units: h, m, s)',
  ],
  'of a field that was no text is checked': [website({ period: '1s' }), website({ period: 1 }), BAD_PERIOD],
  'of a field that was null is checked': [website({ period: '1s' }), website({ period: null }), BAD_PERIOD],
  'to a host that has been refused since leaves it be': [
    website({ gitRepo: 'https://127.0.0.1/r', period: '5m' }),
    website({ gitRepo: 'https://127.0.0.1/r' }),
  ],
  'of an address by a slash is an update of it': [
    website({ gitRepo: 'https://127.0.0.1/r/' }),
    website({ gitRepo: 'https://127.0.0.1/r' }),
    'spec.gitRepo: Invalid value: "https://127.0.0.1/r/": must not be on localhost, which is the pod that fetches it',
  ],
  'of generateName, which does nothing any more, is admitted': [
    website({}, { generateName: '1-' }),
    website({}, { generateName: 'kubia-' }),
  ],
  'that adds a generateName is admitted': [website({}, { generateName: 'Not A Name' }), website()],
  'without old metadata is checked': [website({}, { name: 'A' }), { spec: {} }, BAD_NAME],
  'without an old spec is checked': [website({ period: '1s' }), { metadata: {} }, BAD_PERIOD],
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
  'hides no name that somebody made look generated': [{ name: 'a.b.cd', generateName: 'a' }, dotted('a.b.cd')],
  'is not to blame for a name that is wrong in what follows it': [
    { name: 'kubia-AB.CD', generateName: 'kubia-' },
    dotted('kubia-AB.CD'),
  ],
  'does not matter where a good name only begins like it': [{ name: 'aaaaaa', generateName: 'a' }],
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

function dotted(name: string): string {
  return `metadata.name: Invalid value: "${name}": must begin with a lower-case letter and have nothing but lower-case letters, digits and "-", the last not "-"`;
}
