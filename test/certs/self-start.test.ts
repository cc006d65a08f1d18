import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { base64 } from './base64.ts';
import { emptyFolder } from './empty-folder.ts';
import { refusal } from './fake-client.ts';
import { fakeCluster } from './fake-cluster.ts';
import { manualClock } from './manual-clock.ts';
import { recordedLog } from './recorded-log.ts';
import { started } from './self-started.ts';

test('a start waits for an API server that is away, and says so once', async (t) => {
  const cluster = fakeCluster();
  let failures = 20;
  cluster.refuse = () => (failures-- > 0 ? new Error('https://api.example.com cannot be reached') : undefined);
  const pauses = manualClock();
  const log = recordedLog();
  const starting = started(t, { cluster, pauses, log });
  while (failures >= 0) await pauses.advance(30_000).then(() => setImmediate());
  await starting;
  assert.deepEqual(
    log.lines.filter((line) => line.startsWith('error')),
    [
      'error: waiting for the CA; trying on {"secret":"portcullis-system/portcullis-ca",' +
        '"reason":"https://api.example.com cannot be reached"}',
    ],
  );
});

test('a start that waits can be ended, and leaves nothing', async (t) => {
  const cluster = fakeCluster();
  cluster.refuse = () => refusal(503);
  const pauses = manualClock();
  const ending = new AbortController();
  const starting = started(t, { cluster, pauses, signal: ending.signal });
  await setImmediate();
  assert.equal(pauses.waiting, 1);
  ending.abort(new Error('SIGTERM'));
  await assert.rejects(starting, { message: 'SIGTERM' });
  assert.equal(pauses.waiting, 0);
});

test('a start that is ended while it asks complains of nothing', async (t) => {
  const cluster = fakeCluster();
  const ending = new AbortController();
  cluster.refuse = () => {
    ending.abort(new Error('SIGTERM'));
    return new Error('the request was ended');
  };
  const log = recordedLog();
  await assert.rejects(started(t, { cluster, log, signal: ending.signal }), { message: 'SIGTERM' });
  assert.deepEqual(log.lines, []);
});

test('a name that no certificate can carry is refused before anything is asked', async (t) => {
  const cluster = fakeCluster();
  await assert.rejects(started(t, { cluster, names: ['https://a'] }), /"https:\/\/a": a name must be/);
  assert.deepEqual(cluster.client.asked, []);
});

for (const { sentence, curve = 'P-256', encoding, problem } of [
  {
    sentence: 'on a curve that WebCrypto does not know is refused',
    curve: 'secp256k1',
    encoding: 'default',
    problem: /^The CA in the Secret portcullis-ca .* signs nothing: .*curve/i,
  },
  {
    sentence: 'with a name in UTF-8 is refused: Go would not find it',
    encoding: 'utf8only',
    problem: /^The CA in the Secret portcullis-ca .* has a name in an encoding that no certificate of ours can repeat/,
  },
  { sentence: 'with a name as ours have it is signed with', encoding: 'default', problem: undefined },
]) {
  const skip = spawnSync('openssl', ['version']).status === 0 ? false : 'openssl is not installed';
  test(`a CA that a person made ${sentence}`, { skip }, async (t) => {
    const cluster = fakeCluster();
    cluster.secret = await madeByHand(t, curve, encoding);
    const starting = started(t, { cluster, now: Date.now() });
    if (problem === undefined) return void (await starting);
    await assert.rejects(starting, ({ message }: Error) => {
      assert.match(message, problem);
      assert.match(
        message,
        /kubectl delete secret portcullis-ca --namespace portcullis-system && kubectl rollout restart/,
      );
      return true;
    });
  });
}

/** The Secret's data with a CA that openssl made; `encoding` is its string_mask. */
async function madeByHand(t: TestContext, curve: string, encoding: string) {
  const folder = await emptyFolder(t);
  const config = join(folder, 'openssl.cnf');
  const [certFile, keyFile] = [join(folder, 'ca.crt'), join(folder, 'ca.key')];
  const constraint = '[ca]\nbasicConstraints=critical,CA:true\n';
  await writeFile(config, `[req]\ndistinguished_name=name\nstring_mask=${encoding}\n[name]\n${constraint}`);
  const request = ['req', '-x509', '-config', config, '-extensions', 'ca', '-subj', '/CN=by hand', '-noenc'];
  const key = ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${curve}`, '-keyout', keyFile, '-out', certFile];
  assert.equal(spawnSync('openssl', [...request, ...key]).status, 0);
  const of = async (file: string) => base64(await readFile(file, 'utf8'));
  return { 'ca.crt': await of(certFile), 'ca.key': await of(keyFile) };
}
