import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { watchFolder } from '../../certs/files-watch.ts';
import { eventually } from '../e2e/eventually.ts';
import { emptyFolder } from './empty-folder.ts';
import { filesByHand } from './files-by-hand.ts';
import { another, ca, filesServer } from './files-server.ts';
import { hoursFromNow, made } from './made.ts';
import { manualClock } from './manual-clock.ts';

test('once stopped, no timer is left and nothing is handed over or told', async (t) => {
  const whenStopped: { readonly [sentence: string]: number } = {
    'before the event is looked into': 0,
    'while a good pair has to stay the same': 200,
  };
  for (const [sentence, milliseconds] of Object.entries(whenStopped)) {
    const { applied, errors, clock, write, tell, stop } = await filesByHand(t);
    await write(another());
    tell();
    await clock.advance(milliseconds);
    stop();
    assert.equal(clock.waiting, 0, sentence);
    tell();
    assert.equal(clock.waiting, 0, sentence);
    await clock.advance(60_000);
    assert.deepEqual([applied, errors], [[], []], sentence);
  }
});

test('once stopped, trouble under way is not told', async (t) => {
  const { errors, clock, write, tell, stop } = await filesByHand(t);
  await write({ cert: '' });
  tell();
  await clock.advance(9_000);
  stop();
  assert.equal(clock.waiting, 0);
  await clock.advance(60_000);
  assert.deepEqual(errors, []);
});

test('whoever is handed a certificate may stop it then and there', async (t) => {
  const files = await filesByHand(t, { onChange: () => files.stop() });
  const soonOver = made({ issuer: ca, from: hoursFromNow(-30), until: hoursFromNow(1) });
  await files.write(soonOver);
  await files.clock.advance(60_000);
  assert.deepEqual([files.applied, files.errors, files.clock.waiting], [[soonOver.cert], [], 0]);
});

test('a look under way when it is stopped is not acted on', async (t) => {
  const { applied, clock, write, tell, stop } = await filesByHand(t);
  await write(another());
  tell();
  await clock.advance(1_099);
  const look = clock.advance(1);
  setImmediate(stop);
  await look;
  await clock.advance(60_000);
  assert.deepEqual([applied.length, clock.waiting], [0, 0]);
});

test('no watch is left once it is stopped, nor while the folder is gone', {
  skip: existsSync('/proc/self/fdinfo') ? false : 'this system does not tell which watches there are',
}, async (t) => {
  assert.equal(watches(), 0);
  const clock = manualClock(Date.now());
  const { folder, stop } = await filesServer(t, another(), { time: clock });
  await clock.advance(0);
  assert.equal(watches(), 1);
  await rename(folder, `${folder}-away`);
  await clock.advance(10_000);
  assert.equal(watches(), 0);
  await rename(`${folder}-away`, folder);
  await clock.advance(10_000);
  assert.equal(watches(), 1);
  stop();
  assert.equal(watches(), 0);
});

test('a watch goes over to the folder that takes the name', async (t) => {
  const folder = join(await emptyFolder(t), 'certs');
  let events = 0;
  const watch = watchFolder(folder, () => events++);
  t.after(watch.close);
  watch.refresh();
  for (let i = 0; i < 3; i++) {
    await mkdir(folder);
    watch.refresh();
    const before = events;
    await writeFile(join(folder, 'file'), '');
    await eventually('an event', async () => events > before || undefined, { everyMs: 5, timeoutMs: 10_000 });
    await rm(folder, { recursive: true });
    watch.refresh();
  }
});

test('it does not keep the process alive', async (t) => {
  const { folder } = await filesServer(t, another());
  const script = `
    import { watchCertificateFiles } from ${JSON.stringify(import.meta.resolve('../../certs/files.ts'))};
    const { certificate } = await watchCertificateFiles({
      folder: ${JSON.stringify(folder)}, names: ['localhost'], onChange: console.error, onError: console.error,
    });
    console.log(certificate.notAfter instanceof Date);
  `;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  assert.deepEqual({ stdout, stderr, status }, { stdout: 'true\n', stderr: '', status: 0 });
});

/** How many inotify watches this process has (proc(5), /proc/pid/fdinfo). */
function watches(): number {
  const texts = readdirSync('/proc/self/fdinfo').map((fd) => {
    try {
      return readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8');
    } catch {
      return '';
    }
  });
  return texts.join('\n').match(/^inotify wd:/gm)?.length ?? 0;
}
