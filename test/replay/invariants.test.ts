import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, ConfigMap, deny, mutatingRule, type Rule, validatingRule } from '../../author.ts';
import type { Call, Chain } from '../../replay/chain.ts';
import { breaches, type Invariant } from '../../replay/invariants.ts';
import { configMap, contextOf, type Files, readAndReplayed } from './case-files.ts';

type Draft = { metadata: { annotations?: { [key: string]: string } }; data?: { [key: string]: string } };

let count = 0;
const counting = mutating('counting', ({ metadata }) => {
  metadata.annotations = { n: metadata.annotations?.n ?? `${count++}` };
});
const appending = mutating('appending', ({ metadata }) => {
  metadata.annotations = { n: `${metadata.annotations?.n ?? ''}x` };
});
const undoing = mutating('undoing', ({ data }) => {
  if (data?.a === 'b') deny('it has been seen');
  if (data !== undefined) data.a = 'b';
});
const first = mutating(
  'first',
  ({ metadata }) => {
    metadata.annotations = { by: metadata.annotations?.by ?? 'first' };
  },
  'Never',
);
const second = mutating(
  'second',
  ({ metadata }) => {
    metadata.annotations = { by: metadata.annotations?.by ?? 'second' };
  },
  'Never',
);
const conditional = validatingRule({
  name: 'conditional',
  kind: ConfigMap,
  operations: ['CREATE'],
  matchConditions: [{ name: 'never', expression: 'false' }],
  validate: () => allow(),
});
const quiet = validatingRule({ name: 'quiet', kind: ConfigMap, operations: ['CREATE'], validate: () => allow() });
const updates = validatingRule({ name: 'updates', kind: ConfigMap, operations: ['UPDATE'], validate: () => allow() });
const refusing = mutating('refusing', () => deny('no'));

type Broken = readonly [sentence: string, rules: readonly Rule[], invariant: Invariant, text: RegExp, files?: Files];

const broken: readonly Broken[] = [
  [
    'a rule that counts',
    [counting],
    'the same bytes get the same answer',
    /^counting\.example\.com answers otherwise the second time/,
  ],
  [
    'a rule that adds to what it added',
    [appending],
    'a second pass changes nothing',
    /^appending\.example\.com patches its own result: .*"xx"/,
  ],
  [
    'a rule that refuses what it made',
    [undoing],
    'a second pass changes nothing',
    /^undoing\.example\.com: \[undoing\] it has been seen/,
  ],
  [
    'a rule that no request reaches',
    [updates, quiet],
    'the rule is reached',
    /^updates was not asked: policy\.example\.com is called for other rules/,
  ],
  [
    'a rule after one that refuses',
    [quiet, refusing],
    'the rule is reached',
    /^quiet was not asked: refusing\.example\.com ends the request first: \[refusing\] no/,
  ],
  [
    'a mutating rule, where the case begins after it',
    [refusing],
    'the rule is reached',
    /the mutating webhooks were asked before/,
    { 'request.yaml': 'phase: validating' },
  ],
];
for (const [sentence, rules, invariant, text, files = {}] of broken) {
  test(`broken by ${sentence}: ${invariant}`, async (t) => {
    const done = await readAndReplayed(t, rules, { 'object.yaml': configMap({ data: {} }), ...files });
    const [breach, ...others] = done.breaches.filter(({ isWarning }) => !isWarning);
    assert.deepEqual([breach?.invariant, others.length, done.outcome], [invariant, 0, 'failed']);
    assert.match(breach?.text ?? '', text);
  });
}

const told: readonly (readonly [sentence: string, rules: readonly Rule[], invariant: Invariant, text: RegExp])[] = [
  [
    'two rules of which the earlier one wins',
    [first, second],
    'the order of webhooks does not matter',
    /otherwise in the order second\.example\.com, first\.example\.com/,
  ],
  [
    'a condition that nobody evaluates here',
    [conditional],
    'nothing is left to the API server',
    /^policy\.example\.com has matchConditions/,
  ],
];
for (const [sentence, rules, invariant, text] of told) {
  test(`told, and no failure, of ${sentence}: ${invariant}`, async (t) => {
    const files = {
      'object.yaml': configMap(),
      'expected.yaml': { verdict: rules.length > 1 ? 'patched' : 'allowed' },
    };
    const { breaches, outcome } = await readAndReplayed(t, rules, files);
    assert.deepEqual(
      breaches.map((each) => [each.invariant, each.isWarning]),
      [[invariant, true]],
    );
    assert.match(breaches[0]?.text ?? '', text);
    assert.equal(outcome, 'passed');
  });
}

test('lists of things with names may come in any order', async (t) => {
  const adding = (name: string) =>
    mutating(name, (draft) => {
      const list = (draft as { refs?: { name: string }[] }).refs ?? [];
      if (!list.some((one) => one.name === name)) (draft as { refs?: { name: string }[] }).refs = [...list, { name }];
    });
  const { breaches } = await readAndReplayed(t, [adding('a'), adding('b'), adding('c')], {
    'object.yaml': configMap(),
  });
  assert.deepEqual(breaches, []);
});

// An engine that breaks its own promises is not to be had: its answers are changed on their way.
const changed: readonly (readonly [sentence: string, change: (call: Call) => Call, text: RegExp])[] = [
  [
    'no answer to the question',
    (call) => ({ ...call, verdict: { kind: 'call-failure', message: 'no uid', continues: false } }),
    /^first\.example\.com: no uid$/,
  ],
  [
    'a patch that does not apply',
    (call) => ({ ...call, verdict: { kind: 'internal-error', message: 'no such path', code: 500 } }),
    /^first\.example\.com: no such path$/,
  ],
  [
    'what is mended without a word',
    (call) => ({ ...call, verdict: { ...call.verdict, silently: ['warning 0 is empty'] } as Call['verdict'] }),
    /^first\.example\.com: warning 0 is empty$/,
  ],
];
for (const [sentence, change, text] of changed) {
  test(`broken by ${sentence}: the API server takes the answer`, async (t) => {
    const { given, chain, gate } = await chained(t);
    const other: Chain = { ...chain, calls: chain.calls.map(change) };
    const found = await breaches(given, other, gate, given.bytes);
    assert.deepEqual(
      found.map(({ invariant }) => invariant),
      ['the API server takes the answer'],
    );
    assert.match(found[0]?.text ?? '', text);
  });
}

test('broken by bytes that have changed: the input is not changed', async (t) => {
  const { given, chain, gate } = await chained(t);
  const found = await breaches(given, chain, gate, Buffer.from('what they were'));
  assert.deepEqual(
    found.map(({ invariant }) => invariant),
    ['the input is not changed'],
  );
});

async function chained(t: Parameters<typeof readAndReplayed>[0]) {
  const { gate } = contextOf([first]);
  return { ...(await readAndReplayed(t, [first], { 'object.yaml': configMap() })), gate };
}

function mutating(
  name: string,
  mutate: (draft: Draft) => void,
  reinvocationPolicy: 'Never' | 'IfNeeded' = 'IfNeeded',
): Rule {
  return mutatingRule({
    name,
    webhook: name,
    kind: ConfigMap,
    operations: ['CREATE'],
    reinvocationPolicy,
    mutate(draft) {
      mutate(draft as Draft);
    },
  });
}
