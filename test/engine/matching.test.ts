import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, deny, Pod, type Rule, validatingRule } from '../../author.ts';
import { review } from '../../webhook/review.ts';
import { labelling } from './ends.ts';
import { bytesOf, engineOf, failureOf, responseOf, reviewed } from './reviewed.ts';

test('of a thousand rules only the one that the review is for is run, or even looked at', async () => {
  const seen = new Set<string>();
  const rules = Array.from({ length: 1000 }, (_, i) =>
    watched(
      validatingRule({
        name: `rule-${i}`,
        kind: { ...Pod, ...(i === 500 ? {} : i % 2 ? { resource: `things${i}` } : { kind: `Thing${i}` }) },
        operations: ['CREATE'],
        validate: () => deny('found'),
      }),
      seen,
    ),
  );
  const engine = engineOf(rules);
  seen.clear();
  const answer = await review(bytesOf({}), { phase: 'validating', webhook: 'policy' }, engine);
  assert.equal(responseOf(answer).status?.message, '[rule-500] found');
  assert.deepEqual([...seen], ['rule-500']);
});

test('a rule for several kinds and operations that name one thing twice is run once', async () => {
  const rule = validatingRule({
    name: 'once',
    kind: [Pod, Pod],
    operations: ['CREATE', 'CREATE'],
    validate: () => deny('found'),
  });
  assert.equal(responseOf(await reviewed([rule])).status?.message, '[once] found');
});

const strays = [
  ['another webhook', { phase: 'validating', webhook: 'other' }],
  ['the other phase', { phase: 'mutating', webhook: 'policy' }],
  ['a webhook whose name goes on like the index', { phase: 'validating', webhook: 'policy\nCREATE' }],
] as const;

for (const [sentence, route] of strays) {
  test(`a review that comes to ${sentence} finds nobody, which is no admission`, async () => {
    const rule = validatingRule({ name: 'pods', kind: Pod, operations: ['CREATE'], validate: () => allow() });
    const message = failureOf(await review(bytesOf({}), route, engineOf([rule])));
    assert.match(
      message,
      /^no (mutating|validating) rule of the webhook ".*is for CREATE of Pod \(pods, core\/v1\): /s,
    );
    assert.match(message, /apply the output of "portcullis manifests webhooks"$/);
  });
}

test('a rule is told which of its selectors brought the review', async () => {
  const selectors: unknown[] = [];
  const rule = validatingRule({
    name: 'told',
    kind: Pod,
    operations: ['CREATE'],
    validate(_, { request }) {
      selectors.push(request.selector, 'selector' in request);
      return allow();
    },
  });
  const route = { phase: 'validating', webhook: 'policy' } as const;
  await review(bytesOf({}), { ...route, selector: 'pod' }, engineOf([rule]));
  await review(bytesOf({}), route, engineOf([rule]));
  assert.deepEqual(selectors, ['pod', true, undefined, false]);
});

test('in a namespace that is to be left alone everything is allowed, and nothing is run', async () => {
  const rule = validatingRule({ name: 'never', kind: Pod, operations: ['CREATE'], validate: () => deny('run') });
  const setUp = { ignoredNamespaces: ['kube-system'] };
  const answer = await reviewed([rule], { namespace: 'kube-system' }, setUp);
  assert.equal(responseOf(answer).allowed, true);
  assert.deepEqual(answer.reports, []);
  assert.equal(responseOf(await reviewed([rule], { namespace: 'kube-systems' }, setUp)).allowed, false);
  assert.equal(responseOf(await reviewed([rule], { namespace: undefined }, setUp)).allowed, false);
});

test('in a namespace that is to be left alone nothing is edited', async () => {
  const answer = await reviewed([labelling('a')], { namespace: 'own' }, { ignoredNamespaces: ['own'] });
  assert.deepEqual([responseOf(answer).allowed, responseOf(answer).patch], [true, undefined]);
});

/** The rule, telling when any member of it is read. */
function watched(rule: Rule, seen: Set<string>): Rule {
  return new Proxy(rule, {
    get(target, member) {
      seen.add(target.name);
      return target[member as keyof Rule];
    },
  });
}
