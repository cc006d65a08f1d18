import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { optionsFrom } from '../../bench/options.ts';
import { freePorts } from '../e2e/free-ports.ts';
import { bench } from './bench.ts';
import { fileOf, madeUp } from './made-up.ts';

const PARTS = ['serving', 'replay'];

describe('what the benchmark cannot be told is said in a sentence, before anything is measured', () => {
  const cases: [sentence: string, args: readonly string[], told: RegExp][] = [
    ['a flag that there is not', ['--fast'], /^Unknown option '--fast'/],
    ['a flag without its value', ['--part'], /--part <value>.*argument missing/],
    ['a word', ['serving'], /Unexpected argument 'serving'/],
    ['a part that there is not', ['--part', 'lunch'], /^there is no part "lunch": there are serving, replay$/],
    ['a threshold that is no number', ['--threshold', 'much'], /^--threshold is a ratio .* "much" is none$/],
    ['a threshold under which every run would be a regression', ['--threshold', '0.5'], /^--threshold is a ratio/],
    ['a peer that is no URL', ['--peer', 'localhost'], /^--peer is where .* "localhost" is not that$/],
    ['a peer in the clear', ['--peer', 'http://127.0.0.1:80'], /^--peer is where/],
    ['results that cannot be written', ['--json', '/nowhere/at/all.json'], /^--json: .* cannot be written/],
    ['results that are not there', ['--compare', '/nowhere/at/all.json'], /^\/nowhere.* cannot be read: ENOENT/],
  ];
  for (const [sentence, args, told] of cases) {
    test(sentence, () => {
      assert.throws(() => optionsFrom(args, PARTS), told && { message: told });
    });
  }

  const files: [sentence: string, content: unknown, told: RegExp][] = [
    ['a file that is no JSON', '{', /cannot be read: /],
    ['a file with nothing in it', 'null', /holds no results/],
    ['results of another version', { ...madeUp({ 'serving: a Pod': 1 }), version: 1 }, /holds no results/],
    ['results without costs', { version: 2, tables: [] }, /holds no results/],
    ['a cost that is no number', madeUp({ 'serving: a Pod': null as unknown as number }), /holds no results/],
    ['a cost of nothing, beside which all is dear', madeUp({ 'serving: a Pod': 0 }), /holds no results/],
  ];
  for (const [sentence, content, told] of files) {
    test(`--compare: ${sentence}`, async (t) => {
      const file = await fileOf(t, content);
      assert.throws(
        () => optionsFrom(['--compare', file], PARTS),
        (error: Error) => {
          assert.match(error.message, told);
          return error.message.startsWith(file);
        },
      );
    });
  }

  test('the command exits with 2, and says where help is', async () => {
    const { code, stdout, stderr } = await bench('--part', 'lunch');
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^there is no part "lunch": .*\nnpm run bench -- --help says what there is\.\n$/);
  });

  test('the command exits with 2 where the peer is not there', async () => {
    const [port] = await freePorts(1);
    const { code, stderr } = await bench('--part', 'schema', '--peer', `https://127.0.0.1:${port}`);
    assert.equal(code, 2);
    assert.match(stderr, /^--peer: nobody answers at https:\/\/127\.0\.0\.1:\d+: connect ECONNREFUSED/);
  });
});

test('--help says each flag that there is, and measures nothing', async () => {
  const { code, stdout } = await bench('--help');
  assert.equal(code, 0);
  const flags = [...stdout.matchAll(/^ {2}--([a-z]+)/gm)].map(([, flag]) => flag);
  assert.deepEqual(flags.sort(), [
    'compare',
    'json',
    'only',
    'part',
    'peer',
    'profile',
    'quick',
    'results',
    'threshold',
  ]);
});
