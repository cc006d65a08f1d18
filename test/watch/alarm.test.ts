import assert from 'node:assert/strict';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createAlarm } from '../../cli/watch/alarm.ts';
import { folderOf } from '../load/rule-folder.ts';

const NEVER_LOOKS = 2 ** 31 - 1;

/** An alarm that the file system alone rings, in a folder whose first ring is over. */
async function alarmIn(t: TestContext) {
  const folder = await folderOf(t, {});
  const alarm = createAlarm(NEVER_LOOKS);
  t.after(() => alarm.close());
  alarm.watch(new Set([folder]));
  await alarm.rung();
  return { folder, alarm };
}

test('the alarm rings when files are written, and not for each time that an editor writes them', async (t) => {
  const { folder, alarm } = await alarmIn(t);
  let rings = 0;
  let isOver = false;
  const counting = (async () => {
    for (; !isOver; rings++) await alarm.rung();
  })();
  for (let i = 0; i < 50; i++) await appendFile(join(folder, 'object.yaml'), 'more\n');
  isOver = true;
  await counting;
  assert.ok(rings < 10, `${rings} rings for 50 writes`);
});

test('the alarm rings for a folder that is new to it: something may be in it already', async (t) => {
  const { folder, alarm } = await alarmIn(t);
  await mkdir(join(folder, 'new'));
  await alarm.rung();
  alarm.watch(new Set([folder, join(folder, 'new')]));
  await alarm.rung();
  await writeFile(join(folder, 'new/object.yaml'), '');
  await alarm.rung();
});

test('the alarm rings from time to time where no file system tells', async (t) => {
  const alarm = createAlarm(1);
  t.after(() => alarm.close());
  for (let i = 0; i < 3; i++) await alarm.rung();
});
