import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configFrom } from '../../cli/config.ts';
import { loadRules } from '../../cli/load.ts';
import { builtInRules, followed } from '../../rules/index.ts';
import { folderOf } from './rule-folder.ts';

/** What portcullis.yaml says of rules, and which modes the rules that belong together have. */
const cases: readonly { sentence: string; says: string; modes: { readonly [rule: string]: string } }[] = [
  {
    sentence: 'nothing said: all enforce',
    says: '{}',
    modes: { 'git-sync': 'enforce', 'git-sync-present': 'enforce', 'downward-api': 'enforce' },
  },
  {
    sentence: 'git-sync warns: nobody refuses the pods that it does not inject into',
    says: '{ git-sync: { mode: warn } }',
    modes: { 'git-sync': 'warn', 'git-sync-present': 'warn', 'pod-template': 'warn', 'downward-api-label': 'enforce' },
  },
  {
    sentence: 'git-sync is only audited',
    says: '{ git-sync: { mode: audit } }',
    modes: { 'git-sync': 'audit', 'git-sync-present': 'audit', 'pod-template': 'audit' },
  },
  {
    sentence: 'downward-api is off',
    says: '{ downward-api: { mode: off } }',
    modes: { 'downward-api': 'off', 'downward-api-label': 'off', 'git-sync-present': 'enforce' },
  },
  {
    sentence: 'a mode of its own wins',
    says: '{ git-sync: { mode: off }, git-sync-present: { mode: warn }, downward-api: { mode: audit }, downward-api-label: { mode: enforce } }',
    modes: { 'git-sync': 'off', 'git-sync-present': 'warn', 'downward-api': 'audit', 'downward-api-label': 'enforce' },
  },
  {
    sentence: 'settings without a mode are no mode of its own',
    says: '{ git-sync: { mode: warn }, git-sync-present: { settings: {} } }',
    modes: { 'git-sync-present': 'warn' },
  },
  {
    sentence: 'who is followed does not follow',
    says: '{ git-sync-present: { mode: off } }',
    modes: { 'git-sync': 'enforce', 'git-sync-present': 'off' },
  },
];

for (const { sentence, says, modes } of cases) {
  test(`rules that belong together: ${sentence}`, async (t) => {
    const folder = await folderOf(t, { 'portcullis.yaml': `rules: ${says}` });
    const config = configFrom({ words: [], flags: { config: [`${folder}/portcullis.yaml`] } }, {});
    const { rules } = await loadRules(builtInRules, config, { followed });
    const found = Object.keys(modes).map((name) => [name, rules.find(({ rule }) => rule.name === name)?.mode ?? 'off']);
    assert.deepEqual(Object.fromEntries(found), modes);
  });
}

test('who follows and who is followed are built-in rules', () => {
  const names = builtInRules.map(({ name }) => name);
  for (const name of Object.entries(followed).flat()) assert.ok(names.includes(name), name);
});
