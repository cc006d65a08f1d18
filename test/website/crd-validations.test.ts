import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { Environment } from '@marcbachmann/cel-js';
import { websiteSchema } from '../../rules/website/crd.ts';
import { websiteValidations } from '../../rules/website/crd-validations.ts';
import { parseGitRepo } from '../../rules/website/git-address.ts';
import { periodProblem } from '../../rules/website/period.ts';
import { refProblem } from '../../rules/website/ref.ts';
import { parseGoDuration } from '../../schema/formats/duration.ts';
import { compilePattern } from '../../schema/pattern.ts';

type Field = keyof typeof websiteValidations;
type Check = (text: string) => string[];

const webhook: { readonly [field in Field]: (text: string) => string | undefined } = {
  gitRepo: (text) => [parseGitRepo(text)].find((parsed) => typeof parsed === 'string'),
  ref: refProblem,
  period: periodProblem,
};
const environment = new Environment().registerVariable('self', 'string');
const checks: { readonly [field in Field]: Check } = {
  gitRepo: compiled('gitRepo'),
  ref: compiled('ref'),
  period: compiled('period'),
};
const all = Object.entries(websiteValidations).flatMap(([field, rules]) => rules.map((rule) => ({ field, ...rule })));

const OPTION = 'must not have a user, host or path that begins with "-", which git or ssh would take for an option';
const HELPER =
  'must not name a remote helper ("ext::" runs a command); it must be https://host/path, ssh://git@host/path or git@host:path';
const REF = 'must not begin with "-", which git would take for an option';
const SHORT = 'must be at least 10s';
const LONG = 'must be at most 24h';

/** What an API server refuses without the webhook, and in whose words: the webhook's. */
const refused: readonly [sentence: string, field: Field, text: string, said: string][] = [
  ['an option for a repository', 'gitRepo', '--upload-pack=touch /tmp/x', OPTION],
  ['a single dash for a repository', 'gitRepo', '-', OPTION],
  ['an option for the host of ssh', 'gitRepo', 'ssh://-oProxyCommand=x/r', OPTION],
  ['an option for the user of ssh', 'gitRepo', 'ssh://-l@host/r', OPTION],
  ['an option for the host after a user', 'gitRepo', 'ssh://git@-oProxyCommand=x/r', OPTION],
  ['an option for a host without a scheme', 'gitRepo', 'git@-oProxyCommand=x:r', OPTION],
  ['a remote helper that runs a command', 'gitRepo', 'ext::sh -c touch% /tmp/x', HELPER],
  ['a remote helper that reads descriptors', 'gitRepo', 'fd::17', HELPER],
  ['a remote helper in capitals', 'gitRepo', 'EXT::x', HELPER],
  ['a remote helper of one letter', 'gitRepo', 'x::https://github.com/o/r', HELPER],
  ['a remote helper without a name', 'gitRepo', '::x', HELPER],
  ['an option for a ref', 'ref', '--upload-pack=id', REF],
  ['a dash for a ref', 'ref', '-', REF],
  ['a nanosecond', 'period', '1ns', SHORT],
  ['just less than ten seconds', 'period', '9.999999999s', SHORT],
  ['zero', 'period', '0s', SHORT],
  ['a duration that runs backwards', 'period', '-60s', SHORT],
  ['the millisecond that was to be a minute', 'period', '60ms', SHORT],
  ['a second more than a day', 'period', '24h0m1s', LONG],
  ['seconds that were to be milliseconds', 'period', '100000s', LONG],
  ['as many hours as there is room for', 'period', '999999h999999h99999h', LONG],
];

for (const [sentence, field, text, said] of refused) {
  test(`the CRD refuses ${sentence}, in the webhook's words`, () => {
    assert.deepEqual(checks[field](text), [said]);
    assert.equal(webhook[field](text), said);
  });
}

/** What both take. */
const taken: readonly [field: Field, text: string][] = [
  ['gitRepo', 'https://github.com/luksa/kubia-website-example.git'],
  ['gitRepo', 'ssh://git@github.com/o/r-1'],
  ['gitRepo', 'git@github.com:o/-r'],
  ['gitRepo', 'ssh://git@[2001:db8::1]/o/r'],
  ['gitRepo', 'https://host/a::b'],
  ['gitRepo', `https://host/${'a'.repeat(2000)}`],
  ['ref', 'HEAD'],
  ['ref', 'refs/heads/a-b'],
  ['ref', 'v1.0-rc.1'],
  ['period', '10s'],
  ['period', '+10s'],
  ['period', '24h'],
  ['period', '1m30s'],
  ['period', '0h10m0.5s'],
  ['period', '10000ms'],
  ['period', `${'0'.repeat(40)}10s`],
];

for (const [field, text] of taken) {
  test(`the CRD takes ${text.slice(0, 60)} for ${field}, as the webhook does`, () => {
    assert.deepEqual([checks[field](text), webhook[field](text)], [[], undefined]);
  });
}

test('the defaults break no rule of the CRD', () => {
  for (const field of ['ref', 'period'] as const) {
    assert.deepEqual(checks[field](websiteSchema.properties.spec.properties[field].default), []);
  }
});

test('no rule asks for a duration that Go cannot read: that error would not be ratcheted', () => {
  const beforeDuration = websiteValidations.period.map(({ rule }) => rule.slice(0, rule.indexOf(' || duration(')));
  for (const guard of beforeDuration.map((text) => environment.parse(text))) {
    const isLeft = (self: string) => guard({ self }) === true;
    const unreadable = ['', '-', 's', '10', '1e3s', '10s ', '10s\n', '9999999h', '999999h999999h999999h'];
    assert.deepEqual(
      unreadable.filter((text) => parseGoDuration(text) !== undefined || !isLeft(text)),
      [],
    );
    const longest = '999999h999999h99999h';
    assert.deepEqual([longest.length, isLeft(longest)], [20, false]);
    assert.notEqual(parseGoDuration(longest), undefined);
  }
});

/** What texts are made of, that the rules have to do with. */
const PARTS: { readonly [field in Field]: readonly string[] } = {
  gitRepo: ['-', '::', ':', '/', 'ssh://', 'ext', 'x', '@', 'git@', 'host', '\n', 'é', ' '],
  ref: ['-', 'a', '/', '--', '\n', 'é', ' '],
  period: ['s', 'h', 'm', 'ms', 'ns', '.', '0', '9', '10', '24', '60', '999999', '9999999', '+', '-', '\n', 'é'],
};

for (const field of ['gitRepo', 'ref', 'period'] as const) {
  test(`whatever the ${field}, its rules come to a result, and refuse nothing that the webhook takes`, (t) => {
    const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
    t.diagnostic(`SEED=${seed}`);
    const random = below(seed);
    let both = 0;
    for (let round = 0; round < 20_000; round++) {
      const text = Array.from({ length: 1 + random(6) }, () => PARTS[field][random(PARTS[field].length)]).join('');
      const said = checks[field](text);
      const problem = webhook[field](text);
      const shown = `SEED=${seed}: ${JSON.stringify(text)}: ${said}; the webhook: ${problem}`;
      if (said.length > 0) assert.notEqual(problem, undefined, shown);
      // The webhook says the first of what is wrong with a text, the CRD all that it knows of.
      if (isGuarded(field, problem, text))
        assert.ok(
          said.some((sentence) => sentence === problem),
          shown,
        );
      if (said.length > 0) both += 1;
    }
    assert.ok(both > 100, `SEED=${seed}: ${both} refused`);
  });
}

/** Whether what the webhook says of a text is for the CRD to say as well. */
function isGuarded(field: Field, problem: string | undefined, text: string): boolean {
  if (field === 'period')
    return /^-?(\d{1,6}h)?(\d{1,2}m)?(\d{1,2}s)?$/.test(text) && /^must be at/.test(problem ?? '');
  return problem === REF || problem === HELPER;
}

for (const { field, rule, message } of all) {
  test(`what ${field} says (${message.slice(0, 40)}…) is what an API server compiles`, () => {
    const { valid, type, error } = environment.check(rule);
    assert.deepEqual([valid, type, error], [true, 'bool', undefined]);
    // No value of before (oldSelf), which would not be ratcheted, and no function that a server 1.30 might not have.
    const words = rule.replaceAll(/'[^']*'/g, "''").match(/[a-z]\w*/gi) ?? [];
    const known = ['self', 'size', 'matches', 'startsWith', 'duration'];
    assert.deepEqual(
      words.filter((word) => !known.includes(word)),
      [],
    );
    // A backslash would be unescaped by CEL before RE2 sees it.
    assert.doesNotMatch(rule, /\\/);
    // ValidationRule.Message (apiextensions/v1/types_jsonschema.go): one line, of at most 2,048 characters.
    assert.match(message, /^.{1,2048}$/);
  });
}

/** Random integers from 0 to below what is asked for, the same for the same seed (a linear congruential generator). */
function below(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** The rules of a field: the messages of those that a text breaks. Patterns are RE2's, as in an API server. */
function compiled(field: Field): Check {
  const rules = websiteValidations[field].map(({ rule, message }) => ({ holds: environment.parse(rule), message }));
  const patterns = websiteValidations[field].flatMap(({ rule }) =>
    [...rule.matchAll(/matches\('([^']*)'\)/g)].map(([, pattern = '']) => ({
      javaScript: new RegExp(pattern),
      re2: compilePattern(pattern),
    })),
  );
  return (text) => {
    // The evaluator has JavaScript's expressions: where RE2 finds something else, its result would prove nothing.
    for (const { javaScript, re2 } of patterns) {
      assert.equal(javaScript.test(text), re2.test(text), `${re2}: ${text}`);
    }
    return rules.filter(({ holds }) => holds({ self: text }) !== true).map(({ message }) => message);
  };
}
