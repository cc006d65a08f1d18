import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startPortcullis } from './portcullis.ts';

const folder = await mkdtemp(join(tmpdir(), 'portcullis-launcher-'));
after(() => rm(folder, { recursive: true }));
const args = ['--port', '0', '--health-port', '0', '--certs', join(folder, 'certs'), '--drain-seconds', '0'];

test('Portcullis is given when it is ready, and ends by itself when stopped', async (t) => {
  const portcullis = await startPortcullis({ args });
  t.after(() => portcullis.stop('SIGKILL'));
  assert.match(portcullis.url, /^https:\/\/127\.0\.0\.1:\d+$/);
  assert.equal((await fetch(`${portcullis.healthUrl}/readyz`)).status, 200);
  assert.equal(await portcullis.stop(), 0);
  assert.match(portcullis.log(), /"msg":"serving"/, 'its log can be read after its end');
  await assert.rejects(fetch(`${portcullis.healthUrl}/readyz`), 'nobody listens any more');
});

test('Portcullis that cannot start says why', async () => {
  const missing = join(folder, 'missing');
  const faulty = startPortcullis({ args: [...args, '--rules', missing] });
  await assert.rejects(faulty, ({ message }) => {
    assert.match(message, /^portcullis ended with code 2; the end of portcullis's log:\n/);
    assert.ok(message.includes(missing), message);
    return true;
  });
});
