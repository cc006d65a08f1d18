import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deny, invalid, mutatingRule, Pod, validatingRule } from '../../author.ts';
import { bytesOf, failureOf, patched, patchOf, pod, responseOf, reviewed, reviewedBytes, textOf } from './reviewed.ts';

test('an object that is still to be named has no name, in the request neither, and goes by its prefix', async () => {
  const { name: _, ...metadata } = { ...(pod().metadata as object), generateName: 'web-' } as { name?: string };
  const rule = validatingRule({
    name: 'unnamed',
    kind: Pod,
    operations: ['CREATE'],
    validate: ({ metadata }, { request }) =>
      deny(invalid('metadata.name', `${metadata.name} ${'name' in request}`, 'must be there')),
  });
  const { status } = responseOf(await reviewed([rule], { name: undefined, object: pod({ metadata }) }));
  assert.match(status?.message ?? '', /^Pod "web-" is invalid: metadata.name: Invalid value: "undefined false"/);
});

const label = mutatingRule({
  name: 'label',
  kind: Pod,
  operations: ['CREATE'],
  mutate(draft) {
    draft.metadata.labels ??= {};
    draft.metadata.labels.team = 'web';
  },
});

test('a creationTimestamp that is null, and labels that are, count as absent', async () => {
  const object = pod({ metadata: { name: 'p', namespace: 'web', creationTimestamp: null, labels: null } });
  assert.deepEqual(patchOf(await reviewed([label], { object })), [
    { op: 'replace', path: '/metadata/labels', value: { team: 'web' } },
  ]);
});

test('keys named like what every object inherits go through as data', async () => {
  const text = textOf({ object: pod({ data: 'HERE' }) }).replace(
    '"HERE"',
    '{"__proto__":{"a":1},"constructor":"b","toString":null}',
  );
  const rule = mutatingRule({
    name: 'data',
    kind: Pod,
    operations: ['CREATE'],
    mutate(draft) {
      const { data } = draft as unknown as { data: { [key: string]: unknown } };
      assert.deepEqual(Object.keys(data), ['__proto__', 'constructor', 'toString']);
      for (const [, value] of Object.entries(data))
        if (typeof value === 'object' && value !== null) Object.assign(value, { a: 2 });
      Reflect.deleteProperty(data, 'constructor');
    },
  });
  assert.deepEqual(patchOf(await reviewedBytes([rule], Buffer.from(text))), [
    { op: 'replace', path: '/data/__proto__/a', value: 2 },
    { op: 'remove', path: '/data/constructor' },
  ]);
  assert.equal(({} as { a?: unknown }).a, undefined);
});

test('an integer beyond 2^53 is in no patch, though elements around it come and go', async () => {
  const text = textOf({
    object: pod({
      spec: {
        containers: [
          { name: 'a', uid: 1 },
          { name: 'b', uid: 'BIG' },
        ],
      },
    }),
  });
  const rule = mutatingRule({
    name: 'front',
    kind: Pod,
    operations: ['CREATE'],
    mutate(draft) {
      draft.spec?.containers.reverse();
      draft.spec?.containers.unshift({ name: 'first' });
    },
  });
  const answer = await reviewedBytes([rule], Buffer.from(text.replace('"BIG"', '9007199254740993')));
  assert.deepEqual(
    patchOf(answer)
      .map(({ op }) => op)
      .sort(),
    ['add', 'move'],
  );
  assert.ok(!JSON.stringify(patchOf(answer)).includes('90071992547409'));
});

test('an integer beyond 2^53 survives two rules, of which one loses sight of where its element came from', async () => {
  const object = pod({ spec: { containers: [{ name: 'a', image: 'one', uid: 'BIG' }] } });
  const pods = { kind: Pod, operations: ['CREATE'] } as const;
  const retag = mutatingRule({
    ...pods,
    name: 'retag',
    mutate(draft) {
      if (draft.spec) draft.spec.containers = draft.spec.containers.map((it) => ({ ...it, image: 'two' }));
    },
  });
  const rename = mutatingRule({
    ...pods,
    name: 'rename',
    mutate(draft) {
      for (const container of draft.spec?.containers ?? []) container.name = 'b';
      draft.spec?.containers.unshift({ name: 'first' });
    },
  });
  const bytes = Buffer.from(textOf({ object }).replace('"BIG"', '9007199254740993'));
  const answer = await reviewedBytes([retag, rename], bytes);
  assert.ok(!JSON.stringify(patchOf(answer)).includes('90071992547409'));
  assert.deepEqual((patched(answer, object) as typeof object).spec, {
    containers: [{ name: 'first' }, { name: 'b', image: 'two', uid: 'BIG' }],
  });
});

test('a rule that sets an integer beyond 2^53 has failed, since JavaScript may have rounded it', async () => {
  const rule = mutatingRule({
    name: 'big',
    kind: Pod,
    operations: ['CREATE'],
    mutate(draft) {
      Object.assign(draft, { generation: 2 ** 53 + 2 });
    },
  });
  assert.match(failureOf(await reviewed([rule])), /rule big failed: .*\/generation holds an integer beyond 2\^53/);
});

const DEEP = 30_000;

test('an object of 1,200 levels is refused before any rule sees it, however many there are', async () => {
  const text = textOf({ object: pod({ data: 'HERE' }) }).replace('"HERE"', `${'['.repeat(1200)}${']'.repeat(1200)}`);
  const answer = await reviewedBytes([label], Buffer.from(text));
  assert.deepEqual([answer.status, answer.verdict], [400, 'malformed']);
});

test('a rule that puts in a value of 30,000 levels has failed, and the others stand', async () => {
  const deepen = mutatingRule({
    name: 'deepen',
    kind: Pod,
    operations: ['CREATE'],
    failurePolicy: 'Ignore',
    mutate(draft) {
      let inside = {};
      for (let i = 0; i < DEEP; i++) inside = { in: inside };
      Object.assign(draft, inside);
    },
  });
  const answer = await reviewed([deepen, label]);
  assert.deepEqual(patchOf(answer), [{ op: 'add', path: '/metadata/labels/team', value: 'web' }]);
  assert.match(responseOf(answer).auditAnnotations?.deepen ?? '', /^failed: Error: \/in\/in\/in\/in nests deeper/);
});

test('the same bytes give the same bytes, and a second review of the patched object changes nothing', async () => {
  const bytes = bytesOf({});
  const [first, second] = [await reviewedBytes([label], bytes), await reviewedBytes([label], bytes)];
  assert.equal(first.body, second.body);
  assert.deepEqual(patchOf(await reviewed([label], { object: patched(first) as ReturnType<typeof pod> })), []);
});
