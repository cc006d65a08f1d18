import assert from 'node:assert/strict';
import { test } from 'node:test';
import { portcullis } from '../cli/portcullis.ts';
import { folderOf, ruleFile } from '../load/rule-folder.ts';

for (const [change, named] of [
  ['JSON.parse = () => ({});', 'JSON\\.parse'],
  ["Object.assign(globalThis, { Buffer: { from: () => '' } });", 'Buffer'],
  ['Array.prototype.map = () => [];', 'Array\\.prototype\\.map'],
]) {
  test(`rules that change what all have in common while they are loaded are not served: ${change}`, async (t) => {
    const folder = await folderOf(t, { 'a.ts': `${ruleFile('a')}\n// @ts-ignore\n${change}\n` });
    const { code, stderr } = await portcullis(['serve', '--port', '0', '--health-port', '0', '--rules', folder]);
    assert.match(stderr, new RegExp(`a rule file, or what it imports, changes ${named} while it is loaded`));
    assert.notEqual(code, 0);
  });
}

test('what a rule file adds, and its console, is its own matter', async (t) => {
  const changes = 'Object.assign(console, { log() {} }); Object.assign(Array.prototype, { ours: () => 1 });';
  const folder = await folderOf(t, { 'a.ts': `${ruleFile('a')}\n${changes}\n` });
  const { stderr } = await portcullis(['serve', '--port', '99999', '--rules', folder]);
  assert.doesNotMatch(stderr, /while it is loaded/);
});
