import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { stringify } from 'yaml';
import { noLookups } from '../webhook/lookup.ts';
import type { RulesInForce } from '../webhook/match.ts';
import type { Rule } from '../webhook/rule.ts';
import { documentIn, readCase } from './case.ts';
import { type Replayed, replay } from './replay-case.ts';

/**
 * Tests each case of these rules, in `<folder>/<rule>/<sentence>/`, and that there is one folder for each rule, with a
 * case that it lets pass and one that it does not. `all` are the rules in force. UPDATE=1 writes what is expected, to be read.
 */
export function runCases(folder: string, own: readonly Rule[], all: RulesInForce): void {
  const engine = { rules: all, lookups: noLookups, now: () => 0 };

  test('there is nothing among the cases but a folder for each rule', () => {
    assert.deepEqual(readdirSync(folder).sort(), own.map(({ name }) => name).sort());
  });

  for (const rule of own) {
    describe(rule.name, () => {
      const cases = join(folder, rule.name);
      const did = new Set<Replayed['did']>();
      for (const sentence of existsSync(cases) ? readdirSync(cases).sort() : []) {
        test(sentence.replaceAll('-', ' '), async () => {
          const replayed = await replay(readCase(join(cases, sentence), rule), rule, engine);
          did.add(replayed.did);
          compare(join(cases, sentence), replayed.expected);
        });
      }
      test('has a case that it lets pass without a word, and one where it does not', () => {
        assert.ok(did.has('passed'), 'no case that the rule lets pass');
        assert.ok(did.has('refused') || did.has('warned'), 'no case that the rule denies, skips or warns of');
      });
    });
  }
}

function compare(folder: string, actual: object): void {
  const text = stringify(actual, { aliasDuplicateObjects: false, lineWidth: 0 });
  if (process.env.UPDATE === '1') writeFileSync(join(folder, 'expected.yaml'), text);
  const expected = documentIn(folder, 'expected');
  assert.ok(expected, `no expected.yaml; UPDATE=1 npm test writes it:\n${text}`);
  assert.deepEqual(JSON.parse(JSON.stringify(actual)), expected);
}
