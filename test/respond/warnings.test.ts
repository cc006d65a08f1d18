import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answered } from './answered.ts';
import { denies, edits, fails, warns } from './rules.ts';

const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `${i}`);

const cases: { [sentence: string]: [given: string[], told: string[]] } = {
  'each has the name of its rule before it': [
    ['careful', 'slowly'],
    ['[r] careful', '[r] slowly'],
  ],
  'an empty one is left out': [['', 'a'], ['[r] a']],
  'one that is said twice is said once': [
    ['a', 'b', 'a'],
    ['[r] a', '[r] b'],
  ],
  'line breaks and control characters become blanks': [['a\nb\tc\u0007d\u0085e\u2028f'], ['[r] a b c d e f']],
  'one of 120 characters is whole': [['x'.repeat(116)], [`[r] ${'x'.repeat(116)}`]],
  'a longer one is cut there': [['x'.repeat(117)], [`[r] ${'x'.repeat(115)}…`]],
  'no character is cut in two': [[`${'x'.repeat(114)}😀😀`], [`[r] ${'x'.repeat(114)}…`]],
  'a password is hidden': [['https://user:pass@host is slow'], ['[r] https://***@host is slow']],
  'two that differ only beyond the cut are one': [
    [`${'x'.repeat(200)}a`, `${'x'.repeat(200)}b`],
    [`[r] ${'x'.repeat(115)}…`],
  ],
  'thirty are told': [numbered(30), numbered(30).map((text) => `[r] ${text}`)],
  'of thirty-one, twenty-nine are told and two counted': [
    numbered(31),
    [...numbered(29).map((text) => `[r] ${text}`), '… and 2 more warnings'],
  ],
  'a thousand are counted': [numbered(1000), [...numbered(29).map((text) => `[r] ${text}`), '… and 971 more warnings']],
};

describe('warnings', () => {
  for (const [sentence, [given, told]] of Object.entries(cases)) {
    test(sentence, async () => {
      const { body, verdict } = await answered([warns('r', ...given)]);
      assert.deepEqual(body.response, { uid: 'u', allowed: true, warnings: told }, JSON.stringify(body));
      assert.ok('silently' in verdict);
      assert.deepEqual(verdict.silently, [], 'the API server shows all of them');
    });
  }

  test('of all rules stay within what the API server shows, however long they are', async () => {
    const rules = Array.from({ length: 20 }, (_, i) =>
      warns(`${'r'.repeat(60)}${i}`, ...numbered(20).map((text) => `${text} ${'😀'.repeat(300)}`)),
    );
    const { body, verdict } = await answered(rules);
    assert.equal(body.response.warnings.length, 30);
    assert.deepEqual('silently' in verdict && verdict.silently, []);
  });

  test('go with a denial and with a patch', async () => {
    const denied = await answered([warns('w', 'careful'), denies('r', 'no')]);
    assert.deepEqual(denied.body.response.warnings, ['[w] careful']);
    const label = edits('labels', (object) => Object.assign(object.metadata as object, { labels: { a: 'b' } }));
    const patched = await answered([[edits('would', () => assert.fail('x')), 'warn'], label]);
    assert.match(patched.body.response.warnings[0], /^\[would\] failed: AssertionError: x/);
    assert.equal(patched.verdict.kind, 'patched');
  });
});

describe('audit annotations', () => {
  test('are cut at five hundred characters', async () => {
    const { body } = await answered([[denies('r', 'x'.repeat(600)), 'audit']]);
    const text = body.response.auditAnnotations.r;
    assert.equal(text.length, 500);
    assert.match(text, /^would deny: x+…$/);
  });

  test('have the names of the rules as keys, the longest of which the API server still takes', async () => {
    const name = `r${'-a'.repeat(31)}`;
    assert.equal(name.length, 63);
    const { body, verdict } = await answered([
      [fails(name, 'a'), 'audit'],
      [denies('s', 'b'), 'audit'],
      [warns('t', 'c'), 'audit'],
    ]);
    assert.deepEqual(body.response.auditAnnotations, { [name]: 'failed: a', s: 'would deny: b' });
    assert.deepEqual('silently' in verdict && verdict.silently, []);
  });
});

describe('an answer that allows carries nothing that it need not', () => {
  const bare = { uid: 'u', allowed: true };
  test('when validating', async () => {
    assert.deepEqual((await answered([warns('r')])).body.response, bare);
  });
  test('when nothing was edited', async () => {
    assert.deepEqual((await answered([edits('r', () => {})])).body.response, bare);
  });
  test('when what was edited was put back', async () => {
    const there = edits('r', (object) => {
      object.data = { a: '2' };
    });
    const back = edits('s', (object) => {
      object.data = { a: '1' };
    });
    assert.deepEqual((await answered([there, back])).body.response, bare);
  });
  test('in a namespace that is left alone', async () => {
    // The selector sees to it from 1.21 on; here it is the engine.
    const { body } = await answered([denies('r', 'no')], { namespace: 'kube-system' }, ['kube-system']);
    assert.deepEqual(body.response, bare);
  });
});
