import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  allow,
  ConfigMap,
  deny,
  type FieldError,
  invalid,
  type Kind,
  type Rule,
  Secret,
  validatingRule,
} from '../../author.ts';
import { answered } from './answered.ts';

type Data = { readonly [key: string]: string };
type Objects = { readonly data?: Data; readonly stringData?: Data };

const VALUE = 'hunter2\n"\u0007né"<';
const ENCODED = Buffer.from(VALUE).toString('base64');
const NOT_SHOWN = 'what the rule says is not shown for a Secret with as much in it as this one';

const kept: Objects = { data: { password: ENCODED, mail: 'YUBi' }, stringData: { pin: '0815', it: 'is' } };
const texts: { [sentence: string]: [text: string, told: string] } = {
  'a value as it stands': [`it is ${ENCODED}!`, 'it is ***!'],
  'a value decoded': [`it is ${VALUE}!`, 'it is ***!'],
  'a value decoded and trimmed': ['it says "a@b"', 'it says "***"'],
  'a value as JSON has it': [`it is ${JSON.stringify(VALUE)}!`, 'it is "***"!'],
  'a value as the API server would quote it': ['it is "hunter2\\n\\"\\ané\\"<"!', 'it is "***"!'],
  'a value as the API server would write it in JSON': [
    String.raw`it is "hunter2\n\"\u0007né\"\u003c"!`,
    'it is "***"!',
  ],
  'a value of stringData': ['not 0815, please', 'not ***, please'],
  'values all at once': [`${ENCODED}${VALUE} ${VALUE}0815`, '*** ***'],
  'nothing else, and no word of two letters': ['it is weak', 'it is weak'],
};

describe('a denial, a warning and a decision not acted on hide what a Secret holds', () => {
  for (const [sentence, [text, told]] of Object.entries(texts)) {
    test(sentence, async () => {
      const denied = await answered([rule(() => deny(text))], secret(kept));
      assert.equal(denied.body.response.status.message, `[r] ${told}`);
      const warned = await answered([rule(() => allow(text))], secret(kept));
      assert.deepEqual(warned.body.response.warnings, [`[r] ${told}`]);
      const would = await answered([[rule(() => deny(text)), 'warn']], secret(kept));
      assert.deepEqual(would.body.response.warnings, [`[r] would deny: ${told}`]);
    });
  }

  test('in the message and in the causes of a field error', async () => {
    const { status } = await answer(kept, invalid('data[hunter2]', VALUE, 'must be long'), invalid(ENCODED, kept, ''));
    assert.equal(status.code, 422);
    assert.deepEqual(
      status.details.causes.map(({ field, message }: FieldError) => [field, message]),
      [
        ['data[hunter2]', 'Invalid value: "***": must be long'],
        ['***', 'Invalid value: {"data":{"mail":"***","password":"***"},"stringData":{"it":"is","pin":"***"}}'],
      ],
    );
    for (const word of [ENCODED, 'né', 'YUBi', '0815']) assert.ok(!JSON.stringify(status).includes(word), word);
  });

  test('the old one too', async () => {
    const request = { ...secret({}), operation: 'UPDATE', oldObject: secret(kept).object };
    const { body } = await answered([rule(() => deny('was 0815'))], request);
    assert.equal(body.response.status.message, '[r] was ***');
  });

  test('a value of which a rule, or the length of a message, leaves no more than the beginning', async () => {
    const data = { key: Buffer.from('z'.repeat(5000)).toString('base64') };
    const { status } = await answer({ data }, `no: ${'z'.repeat(100)}…`, `never: ${'z'.repeat(5000)}`);
    assert.equal(status.message, '[r] no: ***…\n[r] never: ***');
  });

  test('what a rule that failed says', async () => {
    const failing = rule(() => {
      throw new Error(`not ${VALUE}`);
    });
    const { body } = await answered([[failing, 'warn']], secret(kept));
    assert.deepEqual(body.response.warnings, ['[r] failed: Error: not ***']);
  });
});

describe('words about a Secret that holds more than can be looked for are not shown at all', () => {
  const many = (count: number, length: number): Data =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, `${i}`.padStart(length, '_')]));

  test('of a thousand values each is hidden', async () => {
    const { status } = await answer({ stringData: many(1000, 20) }, `no: ${'999'.padStart(20, '_')}`);
    assert.equal(status.message, '[r] no: ***');
  });
  for (const [sentence, stringData] of [
    ['more than a thousand values', many(1001, 20)],
    ['values of more than half a megabyte', many(2, 300_000)],
  ] as const) {
    test(sentence, async () => {
      const { status } = await answer({ stringData }, 'no', invalid('data.a', 'b', 'must be c'));
      assert.equal(status.message, `[r] ${NOT_SHOWN}\n[r] data: ${NOT_SHOWN}`);
      assert.deepEqual([status.code, status.details.causes[0].message], [403, NOT_SHOWN]);
    });
  }
  test('a thousand long texts about a thousand values take no longer than one may wait', async () => {
    const text = 'a'.repeat(100_000);
    const problems = Array.from({ length: 1000 }, () => text);
    const stringData = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, `b${'a'.repeat(400)}${i}`]));
    const started = performance.now();
    const { status } = await answer({ stringData }, 'no', ...problems);
    const milliseconds = performance.now() - started;
    assert.match(status.message, /^\[r\] no\n/);
    assert.ok(status.message.includes(`[r] ${NOT_SHOWN}\n`));
    assert.ok(milliseconds < 5000, `${milliseconds} ms`);
  });
});

test('of any other kind the values are told', async () => {
  for (const token of [ConfigMap, { ...Secret, group: 'example.com' }]) {
    const { group, version, kind, resource } = token;
    const request = { ...secret(kept), kind: { group, version, kind }, resource: { group, version, resource } };
    const { body } = await answered([rule(() => deny('it is 0815'), token)], request);
    assert.equal(body.response.status.message, '[r] it is 0815');
  }
});

async function answer(objects: Objects, ...problems: [string | FieldError, ...(string | FieldError)[]]) {
  const { body } = await answered([rule(() => deny(...problems))], secret(objects));
  return body.response;
}

function rule(validate: () => ReturnType<typeof allow>, kind: Kind = Secret): Rule {
  return validatingRule({ name: 'r', kind, operations: ['CREATE', 'UPDATE'], validate });
}

function secret(objects: Objects) {
  return {
    kind: { group: '', version: 'v1', kind: 'Secret' },
    resource: { group: '', version: 'v1', resource: 'secrets' },
    object: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', namespace: 'ops' }, ...objects },
  };
}
