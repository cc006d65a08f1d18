import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, deny, mutatingRule, Pod, type Rule, skip, validatingRule } from '../../author.ts';
import { labelling } from './ends.ts';
import { patched, patchOf, pod, responseOf, reviewed } from './reviewed.ts';

test('each mutating rule sees the edits before it, and one patch brings all of them', async () => {
  const seen: unknown[] = [];
  const env = (name: string) =>
    mutatingRule({
      name,
      kind: Pod,
      operations: ['CREATE'],
      mutate(draft) {
        const [container] = draft.spec?.containers ?? [];
        seen.push(container?.env?.map((variable) => variable.name).join(' '));
        container?.env?.unshift({ name });
      },
    });
  const answer = await reviewed([env('B'), env('C'), env('D')]);
  assert.deepEqual(seen, ['A', 'B A', 'C B A']);
  assert.deepEqual(patchOf(answer), [
    { op: 'add', path: '/spec/containers/0/env/0', value: { name: 'D' } },
    { op: 'add', path: '/spec/containers/0/env/1', value: { name: 'C' } },
    { op: 'add', path: '/spec/containers/0/env/2', value: { name: 'B' } },
  ]);
});

test('elements of the user that several rules move around are known to the last of them', async () => {
  const tolerate = (key: string) =>
    mutatingRule({
      name: key,
      kind: Pod,
      operations: ['CREATE'],
      mutate(draft) {
        draft.spec?.tolerations?.reverse().unshift({ key });
      },
    });
  const object = pod({ spec: { containers: [], tolerations: [{ operator: 'Exists' }, { key: 'user' }] } });
  const answer = await reviewed([tolerate('one'), tolerate('two')], { object });
  assert.deepEqual(patchOf(answer), [
    { op: 'add', path: '/spec/tolerations/0', value: { key: 'two' } },
    { op: 'add', path: '/spec/tolerations/3', value: { key: 'one' } },
  ]);
});

test('what a mutating rule does to the old object, the next does not see', async () => {
  const seen: unknown[] = [];
  const spoil = (name: string) =>
    mutatingRule({
      name,
      kind: Pod,
      operations: ['UPDATE'],
      mutate(_, { oldObject }) {
        seen.push(oldObject.metadata.name);
        oldObject.metadata.name = 'spoilt';
      },
    });
  await reviewed([spoil('one'), spoil('two')], { operation: 'UPDATE', oldObject: pod() });
  assert.deepEqual(seen, ['p', 'p']);
});

test('what one rule adds and the next takes away is in no patch', async () => {
  const undo = mutatingRule({
    name: 'undo',
    kind: Pod,
    operations: ['CREATE'],
    mutate(draft) {
      delete draft.metadata.labels?.a;
    },
  });
  const answer = await reviewed([labelling('a'), undo]);
  assert.deepEqual(patchOf(answer), []);
  assert.deepEqual(
    answer.reports.map(({ patch }) => patch?.length),
    [1, 1],
  );
});

test('a member that a rule leaves undefined is gone for the next, and taken away once', async () => {
  const leave = mutatingRule({
    name: 'leave',
    kind: Pod,
    operations: ['CREATE'],
    mutate(draft) {
      Object.assign(draft.metadata.labels ?? {}, { app: undefined, never: undefined });
    },
  });
  const look = mutatingRule({
    name: 'look',
    kind: Pod,
    operations: ['CREATE'],
    mutate(draft) {
      assert.deepEqual(Object.keys(draft.metadata.labels ?? {}), []);
    },
  });
  const answer = await reviewed([leave, look, labelling('b')]);
  assert.deepEqual(patchOf(answer), [
    { op: 'remove', path: '/metadata/labels/app' },
    { op: 'add', path: '/metadata/labels/b', value: 'yes' },
  ]);
  assert.deepEqual(
    answer.reports.map(({ patch }) => patch?.length),
    [1, 0, 1],
  );
});

test('two rules that put in the same object do not share it afterwards', async () => {
  const shared = { name: 'shared', value: '1' };
  const put = (name: string) =>
    mutatingRule({
      name,
      kind: Pod,
      operations: ['CREATE'],
      mutate(draft) {
        for (const container of draft.spec?.containers ?? []) {
          for (const variable of container.env ?? []) variable.value = name;
          container.env?.push(shared);
        }
      },
    });
  const { spec } = patched(await reviewed([put('one'), put('two')])) as { spec: { containers: { env: object[] }[] } };
  assert.deepEqual(spec.containers[0]?.env, [
    { name: 'A', value: 'two' },
    { name: 'shared', value: 'two' },
    { name: 'shared', value: '1' },
  ]);
});

test('a rule in the middle that skips or denies has not edited; a denial sends no patch at all', async () => {
  const ended = (end: () => never) =>
    mutatingRule({
      name: 'middle',
      kind: Pod,
      operations: ['CREATE'],
      mutate(draft) {
        draft.metadata.labels = { middle: 'yes' };
        end();
      },
    });
  const skipped = await reviewed([labelling('a'), ended(() => skip('fine', 'x')), labelling('b')]);
  assert.deepEqual(
    patchOf(skipped).map(({ path }) => path),
    ['/metadata/labels/a', '/metadata/labels/b'],
  );
  const denied = await reviewed([labelling('a'), ended(() => deny('no')), labelling('b')]);
  assert.deepEqual([responseOf(denied).allowed, responseOf(denied).patch], [false, undefined]);
  assert.equal(denied.reports.length, 3, 'the others still ran');
});

test('all validating rules decide, and all their problems are reported together, in order', async () => {
  const rules = ['a', 'b', 'c'].map((name) =>
    validatingRule({
      name,
      kind: Pod,
      operations: ['CREATE'],
      validate: () => (name === 'b' ? allow() : deny(`not ${name}`)),
    }),
  );
  assert.equal(responseOf(await reviewed(rules)).status?.message, '[a] not a\n[c] not c');
});

test('what a validating rule does to its objects, no other sees', async () => {
  const spoil = validating('spoil', (object, oldObject) => {
    for (const spoilt of [object, oldObject]) {
      Object.assign(spoilt as object, { spec: null, metadata: undefined });
    }
    return allow();
  });
  const look = validating('look', (object, oldObject) => {
    assert.deepEqual([object, oldObject], [pod(), pod()]);
    return allow();
  });
  const asked = { operation: 'UPDATE', oldObject: pod() } as const;
  for (const rules of [
    [spoil, look],
    [look, spoil, look],
  ]) {
    assert.equal(responseOf(await reviewed(rules, asked)).allowed, true);
  }
});

test('a rule that spoils its object and then denies is understood', async () => {
  const rule = validating('spoil', (object) => {
    Object.assign(object as object, { metadata: null });
    return deny('no');
  });
  const { status } = responseOf(await reviewed([rule], { operation: 'UPDATE', oldObject: pod() }));
  assert.equal(status?.message, '[spoil] no');
});

const meddling: readonly (readonly [sentence: string, meddle: (request: never) => unknown])[] = [
  ['the request', (request: { name: string }) => Object.assign(request, { name: 'other' })],
  ['the user', (request: { userInfo: object }) => Object.assign(request.userInfo, { username: 'root' })],
  [
    "the user's groups",
    (request: { userInfo: { groups: string[] } }) => request.userInfo.groups.push('system:masters'),
  ],
];

for (const [sentence, meddle] of meddling) {
  test(`no rule can change ${sentence} for the next`, async () => {
    const rule = (name: string) =>
      validatingRule({
        name,
        kind: Pod,
        operations: ['CREATE'],
        failurePolicy: 'Ignore',
        validate(_, { request }) {
          assert.deepEqual([request.name, request.userInfo], ['p', { username: 'jane', groups: ['dev'] }]);
          meddle(request as never);
          return allow();
        },
      });
    const { auditAnnotations } = responseOf(await reviewed([rule('one'), rule('two')]));
    for (const name of ['one', 'two']) assert.match(auditAnnotations?.[name] ?? '', /^failed: TypeError: Cannot/);
  });
}

function validating(name: string, validate: (object: unknown, oldObject: unknown) => ReturnType<typeof allow>): Rule {
  return validatingRule({
    name,
    kind: Pod,
    operations: ['UPDATE'],
    validate: (object, { oldObject }) => validate(object, oldObject),
  });
}
