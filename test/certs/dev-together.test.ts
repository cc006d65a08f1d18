import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { type DevCertificate, devCertificate } from '../../certs/dev.ts';
import { emptyFolder } from './empty-folder.ts';
import { assertServes } from './https.ts';

const now = new Date();

test('two processes that start at the same moment on an empty folder serve the same certificate', async (t) => {
  const folder = await emptyFolder(t);
  const starters = [await starter(t, folder), await starter(t, folder)];
  const certificates = await Promise.all(starters.map((start) => start()));
  assert.deepEqual(certificates.map(({ issued }) => issued).sort(), ['all', 'kept']);
  for (const certificate of certificates) await assertServes(t, certificate);
  assert.equal(certificates[0]?.cert, certificates[1]?.cert);
  assert.deepEqual((await readdir(folder)).sort(), ['ca.crt', 'ca.key', 'tls.crt', 'tls.key']);
});

test('two processes that ask for different names get certificates of one CA', async (t) => {
  const folder = await emptyFolder(t);
  const starters = [await starter(t, folder, 'a.svc'), await starter(t, folder, 'b.svc')];
  const [a, b] = await Promise.all(starters.map((start) => start()));
  assert.ok(a !== undefined && b !== undefined);
  assert.deepEqual([a.issued, b.issued].sort(), ['all', 'leaf']);
  await assertServes(t, a, 'a.svc');
  await assertServes(t, b, 'b.svc');
});

test('of many that find the CA due at the same moment, one renews it', async (t) => {
  const folder = await emptyFolder(t);
  const eightMonthsAgo = new Date(now.getTime() - 245 * 86_400_000);
  await devCertificate({ folder, now: eightMonthsAgo });
  const certificates = await Promise.all(Array.from({ length: 6 }, () => devCertificate({ folder, now })));
  assert.equal(certificates.filter(({ issued }) => issued === 'all').length, 1);
  assert.equal(certificates.filter(({ issued }) => issued === 'kept').length, 5);
  for (const certificate of certificates) await assertServes(t, certificate);
});

test('one whose claim is taken away while it issues looks again, and serves', async (t) => {
  const folder = await emptyFolder(t);
  const rival = removing(t, join(folder, '.issuing'), 1);
  const certificate = await devCertificate({ folder, now });
  assert.equal(rival.removals, 1, 'the claim was there to be taken away');
  await assertServes(t, certificate);
});

test('one that is never left in peace gives up with an error that says so', async (t) => {
  const folder = await emptyFolder(t);
  removing(t, join(folder, '.issuing'), Number.POSITIVE_INFINITY);
  await assert.rejects(devCertificate({ folder, now }), {
    message:
      `The development certificate in ${folder} was changed by something else each time that it was written. ` +
      'It needs a folder of its own.',
  });
});

/** A child that is about to start; call what it resolves to, and it does. */
async function starter(t: TestContext, folder: string, ...names: string[]): Promise<() => Promise<DevCertificate>> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'starter.ts'), folder, ...names], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => child.kill());
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return async () => {
    child.stdin.write('go\n');
    return JSON.parse(await text(child.stdout));
  };
}

/** Removes the folder whenever it sees it, so many times at most, until the test ends. */
function removing(t: TestContext, folder: string, times: number): { readonly removals: number } {
  const done = { removals: 0 };
  let timer = setImmediate(look);
  t.after(() => clearImmediate(timer));
  return done;

  function look(): void {
    if (done.removals < times && existsSync(folder)) {
      rmSync(folder, { recursive: true });
      done.removals++;
    }
    timer = setImmediate(look);
  }
}
