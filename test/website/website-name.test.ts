import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateNameProblem, nameProblem } from '../../rules/website/website-name.ts';

const LETTERS = 'must begin with a lower-case letter and have nothing but lower-case letters, digits and "-"';
const WHOLE = `${LETTERS}, the last not "-"`;
const LONG = 'must be no more than 55 characters: "-website" follows it in a Service\'s name';
const LONG_PREFIX = 'must be no more than 50 characters: 5 and "-website" follow it';

const names: { [name: string]: string | undefined } = {
  kubia: undefined,
  a: undefined,
  'a-1': undefined,
  ['a'.repeat(55)]: undefined,
  ['a'.repeat(56)]: LONG,
  '1abc': WHOLE,
  'a.b': WHOLE,
  'a-': WHOLE,
  '-a': WHOLE,
  A: WHOLE,
  'a\n': WHOLE,
  é: WHOLE,
  '': WHOLE,
};

for (const [name, problem] of Object.entries(names)) {
  test(`a Website named ${JSON.stringify(name)} ${problem ?? 'is fine'}`, () =>
    assert.equal(nameProblem(name), problem));
}

const prefixes: { [prefix: string]: string | undefined } = {
  'kubia-': undefined,
  kubia: undefined,
  ['a'.repeat(50)]: undefined,
  ['a'.repeat(51)]: LONG_PREFIX,
  '1-': LETTERS,
  'a.': LETTERS,
  'A-': LETTERS,
};

for (const [prefix, problem] of Object.entries(prefixes)) {
  test(`a Website's generateName ${JSON.stringify(prefix)} ${problem ?? 'is fine'}`, () => {
    assert.equal(generateNameProblem(prefix), problem);
  });
}
