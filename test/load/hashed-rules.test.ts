import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { configFrom } from '../../cli/config.ts';
import { loadHashed } from '../../cli/hashed-rules.ts';
import { folderOf, ruleFile } from './rule-folder.ts';

const RULE = `import { webhook } from './_webhook.ts';\n${ruleFile('mine', 'webhook, ')}`;
const FILES = {
  'rules/mine.ts': RULE,
  'rules/_webhook.ts': "import { readFileSync } from 'node:fs';\nexport { webhook } from './_deep.ts';\n",
  'rules/_deep.ts': "export const webhook = 'first';\nexport const crd = new URL('crd.yaml', import.meta.url);\n",
  'rules/crd.yaml': 'kind: CustomResourceDefinition\n',
  'portcullis.yaml': '',
};

test('the hash of rules is the same wherever they lie, and another for whatever could make them decide otherwise', async (t) => {
  const hash = async (files: object) => {
    const folder = await folderOf(t, { ...FILES, ...files });
    const flags = { config: [join(folder, 'portcullis.yaml')], rules: [join(folder, 'rules')] };
    return (await loadHashed(configFrom({ words: [], flags }, {}))).sha256;
  };
  const first = await hash({});
  assert.match(first, /^[0-9a-f]{64}$/);
  assert.equal(await hash({}), first);
  assert.equal(await hash({ 'rules/README.md': 'read by nobody', 'rules/_unused.ts': '' }), first);
  const seen = new Set([first]);
  for (const [what, files] of [
    ['a rule', { 'rules/mine.ts': `${RULE}\n` }],
    ['what a helper imports', { 'rules/_deep.ts': FILES['rules/_deep.ts'].replace('first', 'second') }],
    ['a file that a helper names', { 'rules/crd.yaml': 'kind: Nothing\n' }],
    ['a further rule', { 'rules/yours.ts': ruleFile('yours') }],
    ['a mode', { 'portcullis.yaml': 'rules: { mine: { mode: warn } }' }],
    ['a rule that is off', { 'portcullis.yaml': 'rules: { mine: { mode: off } }' }],
    ['a setting', { 'portcullis.yaml': 'rules: { website-source: { settings: { allowedHosts: [github.com] } } }' }],
    ['who is left alone', { 'portcullis.yaml': 'ignoredNamespaces: [kube-system]' }],
  ] as const) {
    const other = await hash(files);
    assert.ok(!seen.has(other), what);
    seen.add(other);
  }
});
