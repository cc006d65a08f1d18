import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderOf, ruleFile } from '../load/rule-folder.ts';
import { portcullis } from './portcullis.ts';

for (const command of [
  ['serve', '--port', '0', '--health-port', '0'],
  ['manifests', 'webhooks'],
]) {
  test(`a crash of ${command[0]} while it loads ends with exit 1, with the stack, and says whose fault it is`, async (t) => {
    const folder = await folderOf(t, {
      // What the loader itself needs is broken, which stands for any mistake of ours.
      'rules/a.ts': `${ruleFile('a')}globalThis.structuredClone = () => { throw new RangeError('broken') };`,
    });
    const { code, stdout, stderr } = await portcullis([...command, '--rules', 'rules'], { cwd: folder });
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.match(stderr, /^portcullis: RangeError: broken\n( {4}at .*\n)+This is a mistake of Portcullis itself: /);
  });
}

test('a promise that a rule file leaves behind and that fails while it is loaded ends the start', async (t) => {
  const folder = await folderOf(t, {
    'rules/a.ts': `${ruleFile('a')}Promise.reject(new Error('left behind'));`,
  });
  const { code, stdout, stderr } = await portcullis(['serve', '--port', '0', '--rules', 'rules'], { cwd: folder });
  assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
  assert.match(stderr, /rules\/a\.ts:3[\s\S]*left behind/);
});
