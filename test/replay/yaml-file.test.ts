import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FileFault, parseDocuments, readDocuments } from '../../replay/yaml-file.ts';
import { folderOf } from './case-files.ts';

/** What kubectl sends for the value (sigs.k8s.io/yaml: go-yaml 2, resolve.go), as JSON. */
const values: readonly (readonly [yaml: string, json: string])[] = [
  ['off', 'false'],
  ['On', 'true'],
  ['yes', 'true'],
  ['NO', 'false'],
  ['y', 'true'],
  ['"off"', '"off"'],
  ['!!str off', '"off"'],
  ['~', 'null'],
  ['', 'null'],
  ['Null', 'null'],
  ['0644', '420'],
  ['-0644', '-420'],
  ['0o644', '420'],
  ['089', '89'],
  ['0xFF', '255'],
  ['0b101', '5'],
  ['1_000', '1000'],
  ['+1', '1'],
  ['.5', '0.5'],
  ['1.20', '1.2'],
  ['1e3', '1000'],
  ['1.2.3.4', '"1.2.3.4"'],
  ['12:30', '"12:30"'],
  ['190:20:30', '"190:20:30"'],
  ['2001-12-14', '"2001-12-14"'],
  ['2001-12-14T21:59:43Z', '"2001-12-14T21:59:43Z"'],
  ['9007199254740991', '9007199254740991'],
  ['9007199254740993', '9007199254740993'],
  ['-9223372036854775808', '-9223372036854775808'],
  ['18446744073709551615', '18446744073709551615'],
  ['123456789012345678901234567890', '1.2345678901234568e+29'],
  ['=', '"="'],
  ['{ yes: 1, 2: b, ~: c }', '{"2":"b","true":1,"":"c"}'],
  ['{ __proto__: { x: 1 } }', '{"__proto__":{"x":1}}'],
  ['|\n  one\n  two\n', '"one\\ntwo\\n"'],
  ['>-\n  one\n  two\n', '"one two"'],
];
for (const [yaml, json] of values) {
  test(`${JSON.stringify(yaml)} is ${json}`, () => {
    assert.equal(JSON.stringify(parseDocuments(`value: ${yaml}`, 'f')[0]?.value), `{"value":${json}}`);
  });
}

test('anchors stand for what they name, and merge keys give what is not there already', () => {
  const text = 'a: &a { k: 1, l: 2 }\nb: &b { m: 3 }\nc: *a\nd: { <<: [*a, *b], l: 9 }\n';
  const both = { k: 1, l: 2 };
  assert.deepEqual(firstOf(text), { a: both, b: { m: 3 }, c: both, d: { k: 1, l: 9, m: 3 } });
});

test('a byte order mark, carriage returns, empty documents and comments mean nothing', () => {
  const text = '\uFEFF---\r\n# nothing\r\n---\r\na: 1\r\nb: |\r\n  one\r\n  two\r\n---\r\n';
  assert.deepEqual(
    parseDocuments(text, 'f').map(({ value }) => value),
    [{ a: 1, b: 'one\ntwo\n' }],
  );
});

test('JSON is read as it is', () => {
  assert.equal(
    JSON.stringify(firstOf('{"a": [1, "off", null],\n\t"n": 9007199254740993}')),
    '{"a":[1,"off",null],"n":9007199254740993}',
  );
});

const faults: readonly (readonly [sentence: string, text: string, message: RegExp])[] = [
  ['a list without an end', 'a: 1\nb: [1\n', /^f:[23]: /],
  ['a tab that indents', 'a:\n\tb: 1', /^f:2: Tabs are not allowed/],
  ['a key that is there twice', 'a: 1\nb: 2\na: 3\n', /^f:3: Map keys must be unique/],
  ['a fault in the second document', 'a: 1\n---\nb: 1\nb: 2\n', /^f:4: /],
  ['a template that is not rendered', 'a:\n  b: {{ .Values.b }}\n', /^f:2: /],
  ['a key that is a list', '? [a]\n: 1\n', /^f:1: the key of a map is a text/],
  ['an alias of nothing', 'a: *nowhere\n', /^f.*nowhere/],
  ['an anchor within itself', 'a: &a [*a]\n', /^f: an anchor holds an alias of itself/],
  ['a number without end', 'a: .inf\n', /^f: Infinity is a number that JSON does not have/],
  ['a hundred thousand brackets', '['.repeat(1e5) + ']'.repeat(1e5), /^f:1: it is nested too deeply/],
  ['a billion laughs', laughs(), /^f: Excessive alias count/],
];
for (const [sentence, text, message] of faults) {
  test(`${sentence} is a fault of the file, at its line`, () => {
    assert.throws(
      () => parseDocuments(text, 'f'),
      (error) => error instanceof FileFault && message.test(error.message) && error.message.length < 300,
    );
  });
}

test('a file that is not there is one by its shown name', (t) => {
  const folder = folderOf(t, { 'a.yaml': 'a: 1' });
  assert.deepEqual(
    readDocuments(`${folder}/a.yaml`, 'a').map(({ file, value }) => [file, value]),
    [['a', { a: 1 }]],
  );
  assert.throws(() => readDocuments(`${folder}/b.yaml`, 'b'), { message: 'b: there is no such file' });
  assert.throws(() => readDocuments(folder, 'c'), /^Error: c: EISDIR/);
});

test('a line is that of the member, of the element, of the nearest that is there', () => {
  const text = '# first\na:\n  b:\n    - x\n    - y: 1\n      z: 2\nc: { d: 1 }\n---\ne: 1\n';
  const [first, second] = parseDocuments(text, 'f');
  const lines = [
    [],
    ['a'],
    ['a', 'b'],
    ['a', 'b', 0],
    ['a', 'b', 1, 'z'],
    ['a', 'b', 1, 'nowhere'],
    ['a', 'b', 7],
    ['c', 'd'],
  ];
  assert.deepEqual(
    lines.map((path) => first?.lineOf(path)),
    [2, 2, 3, 4, 6, 5, 3, 7],
  );
  assert.equal(second?.lineOf(['e']), 9);
});

function firstOf(text: string): unknown {
  return parseDocuments(text, 'f')[0]?.value;
}

function laughs(): string {
  const lines = ['a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]'];
  for (let i = 1; i < 9; i++)
    lines.push(
      `a${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  return lines.join('\n');
}
