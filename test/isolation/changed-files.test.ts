import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../e2e/eventually.ts';
import { folderOf, ruleFile } from '../load/rule-folder.ts';
import { isolated } from './isolated.ts';

test('rule files that change under a server are not taken up: while workers are left they decide, then reviews fail at once and say why', async (t) => {
  const folder = await folderOf(t, { 'a.ts': ruleFile('a') });
  const workers = await isolated(t, { size: 1, folder });
  await writeFile(join(folder, 'a.ts'), ruleFile('a').replace('allow()', "allow('changed')"));
  assert.deepEqual([(await workers.review()).status, (await workers.review()).warnings], [200, undefined]);
  const changed = 'the rules or their settings have changed since the server loaded them: restart it';
  process.kill(workers.pids[0] ?? 0, 'SIGKILL');
  const { status, message, ms } = await workers.review();
  assert.deepEqual([status, message], [500, changed]);
  assert.ok(ms < 8000, `${ms} ms: not its whole time`);
  assert.deepEqual(workers.state(), { workers: 0, waiting: 0, fault: changed });
  await writeFile(join(folder, 'a.ts'), ruleFile('a'));
  await eventually('a worker', async () => (workers.state().workers === 1 ? true : undefined));
  const again = await workers.review();
  assert.equal(again.status, 200, again.message);
  const told = workers.log.filter(([reason]) => reason === changed);
  assert.equal(told.length, 1, 'however often it is tried');
});

test('workers that cannot load the rules are told when they are made', async (t) => {
  const folder = await folderOf(t, { 'a.ts': ruleFile('a') });
  await isolated(t, { size: 1, folder });
  await writeFile(join(folder, 'a.ts'), 'enum A {}');
  await assert.rejects(isolated(t, { size: 1, folder }), /a\.ts:1: an enum cannot be run/);
});
