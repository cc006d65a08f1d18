import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { stringify } from 'yaml';
import { configFrom } from '../cli/config.ts';
import { loadRules } from '../cli/load.ts';
import { builtInRules } from '../rules/index.ts';
import { noLookups } from '../webhook/lookup.ts';
import { documentIn, readCase } from './case.ts';
import { type Replayed, replay } from './replay-case.ts';

// The first small runner of cases (DESIGN.md §8): one rule's own webhook, configured as a server is that has no
// configuration file. UPDATE=1 writes what is expected, to be read.
const FOLDER = join(import.meta.dirname, 'cases');

const rules = await loadRules(builtInRules, configFrom({ words: [], flags: {} }, {}));
const engine = { rules, lookups: noLookups, now: () => 0 };

test('there is nothing among the cases but a folder for each rule', () => {
  assert.deepEqual(readdirSync(FOLDER).sort(), builtInRules.map(({ name }) => name).sort());
});

for (const { rule } of rules.rules) {
  describe(rule.name, () => {
    const folder = join(FOLDER, rule.name);
    const did = new Set<Replayed['did']>();
    for (const sentence of existsSync(folder) ? readdirSync(folder).sort() : []) {
      test(sentence.replaceAll('-', ' '), async () => {
        const replayed = await replay(readCase(join(folder, sentence), rule), rule, engine);
        did.add(replayed.did);
        compare(join(folder, sentence), replayed.expected);
      });
    }
    test('has a case that it lets pass without a word, and one where it does not', () => {
      assert.ok(did.has('passed'), 'no case that the rule lets pass');
      assert.ok(did.has('refused') || did.has('warned'), 'no case that the rule denies, skips or warns of');
    });
  });
}

function compare(folder: string, actual: object): void {
  const text = stringify(actual, { aliasDuplicateObjects: false, lineWidth: 0 });
  if (process.env.UPDATE === '1') writeFileSync(join(folder, 'expected.yaml'), text);
  const expected = documentIn(folder, 'expected');
  assert.ok(expected, `no expected.yaml; UPDATE=1 node --test test/cases.test.ts writes it:\n${text}`);
  assert.deepEqual(JSON.parse(JSON.stringify(actual)), expected);
}
