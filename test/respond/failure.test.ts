import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { allow, ConfigMap, deny, mutatingRule, type Rule, skip, validatingRule } from '../../author.ts';
import { answered } from './answered.ts';
import { edits, fails, warns } from './rules.ts';

const boom = new Error('boom');
const label = edits('labels', (object) => Object.assign(object.metadata as object, { labels: { a: 'b' } }));

describe('a rule that fails', () => {
  const ignored = { failurePolicy: 'Ignore' } as const;
  const breaks = (name: string, routing = {}): Rule =>
    edits(
      name,
      (object) => {
        object.data = { broken: 'yes' };
        throw boom;
      },
      routing,
    );

  test('under Fail is a 500 that names it, since the cluster is to decide', async () => {
    const { status, body, verdict } = await answered([warns('w', 'careful'), fails('f', boom)]);
    assert.equal(status, 500);
    const message = 'rule f failed: Error: boom';
    assert.deepEqual(body, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason: 'InternalError',
      code: 500,
    });
    assert.deepEqual(verdict, {
      kind: 'call-failure',
      message: `failed to call webhook: ${message}`,
      continues: false,
    });
  });

  test('does not hide another that fails', async () => {
    const { body } = await answered([fails('f', boom), fails('g', 'a text')]);
    assert.equal(body.message, 'rule f failed: Error: boom\nrule g failed: a text');
  });

  test('under Fail takes the edits of the others with it', async () => {
    assert.equal((await answered([label, breaks('b')])).status, 500);
  });

  test('under Ignore loses its own edits; those of the others stand', async () => {
    const ignoring = edits(
      'labels',
      (object) => Object.assign(object.metadata as object, { labels: { a: 'b' } }),
      ignored,
    );
    const given = await answered([breaks('b', ignored), ignoring, breaks('c', ignored)]);
    const { patch: _, ...rest } = given.body.response;
    const told = 'failed: Error: boom';
    assert.deepEqual(rest, {
      uid: 'u',
      allowed: true,
      patchType: 'JSONPatch',
      warnings: [`[b] ${told}`, `[c] ${told}`],
      auditAnnotations: { b: told, c: told },
    });
    assert.ok(given.verdict.kind === 'patched');
    const { metadata, data } = given.verdict.object as { metadata: unknown; data: unknown };
    assert.deepEqual([metadata, data], [{ name: 'a', namespace: 'ops', labels: { a: 'b' } }, { a: '1' }]);
  });

  test('under Ignore is told, and nothing is refused', async () => {
    const { status, body } = await answered([fails('f', boom, ignored)]);
    const told = 'failed: Error: boom';
    const said = { warnings: [`[f] ${told}`], auditAnnotations: { f: told } };
    assert.deepEqual([status, body.response], [200, { uid: 'u', allowed: true, ...said }]);
  });

  const thrown: { [sentence: string]: [thrown: unknown, told: string] } = {
    undefined: [undefined, 'it threw undefined'],
    null: [null, 'it threw null'],
    'an object': [{ password: 'x' }, 'it threw an object'],
    'an error whose message throws': [
      Object.defineProperty(new Error(''), 'message', {
        get() {
          throw boom;
        },
      }),
      'it threw something that cannot be described',
    ],
    'an error of a megabyte': [new Error('x'.repeat(1e6)), `Error: ${'x'.repeat(992)}…`],
    'an error with an address': [new Error('https://user:pass@host'), 'Error: https://***@host'],
    'a proxy that throws when it is looked at': [
      new Proxy(
        {},
        {
          getPrototypeOf() {
            throw boom;
          },
        },
      ),
      'Error: boom',
    ],
  };
  for (const [sentence, [value, told]] of Object.entries(thrown)) {
    test(`by throwing ${sentence} is described all the same`, async () => {
      const { status, body } = await answered([fails('f', value)]);
      assert.deepEqual([status, body.message], [500, `rule f failed: ${told}`]);
    });
  }

  const broken: { [sentence: string]: [decide: () => unknown, told: RegExp] } = {
    'returns nothing': [() => undefined, /it returned undefined; a validating rule returns allow\(\)/],
    'returns true': [() => true, /it returned a boolean/],
    'returns something that looks like allow()': [() => ({ warnings: [] }), /it returned an object/],
    'returns a promise': [async () => allow(), /it returned a promise; rules are synchronous/],
    'catches its own denial': [
      () => {
        try {
          deny('no');
        } catch {}
        return allow();
      },
      /it caught what deny\(\) throws/,
    ],
    'skips, and is no mutating one': [() => skip('a', 'b'), /it called skip\(\)/],
  };
  for (const [sentence, [decide, told]] of Object.entries(broken)) {
    test(`because it ${sentence} admits nothing`, async () => {
      const validate = decide as () => ReturnType<typeof allow>;
      const rule = validatingRule({ name: 'f', kind: ConfigMap, operations: ['CREATE'], validate });
      const { status, body } = await answered([rule]);
      assert.equal(status, 500);
      assert.match(body.message, told);
    });
  }

  test('because it edits and then returns something changes nothing', async () => {
    const rule = mutatingRule({
      name: 'f',
      kind: ConfigMap,
      operations: ['CREATE'],
      ...ignored,
      mutate(draft) {
        draft.data = {};
        return draft as unknown as undefined;
      },
    });
    const given = await answered([rule]);
    assert.equal(given.verdict.kind, 'allowed');
    assert.match(given.body.response.warnings[0], /^\[f\] failed: it returned an object/);
  });
});
