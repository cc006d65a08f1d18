import assert from 'node:assert/strict';
import { readFile, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../e2e/eventually.ts';
import {
  agentFor,
  another,
  asked,
  ca,
  type FilesServer,
  filesServer,
  fingerprintOf,
  quickTime,
} from './files-server.ts';
import { fingerprintSeenBy } from './https.ts';
import type { Made } from './made.ts';
import { type Replace, ways } from './replacing.ts';

const leadingOut: Replace = async (folder, { cert, key }) => {
  const outside = `${folder}-outside`;
  await writeFile(`${outside}.crt`, cert);
  await writeFile(`${outside}.key`, key);
  for (const end of ['crt', 'key']) {
    await symlink(`${outside}.${end}`, join(folder, `tls.${end}.new`));
    await rename(join(folder, `tls.${end}.new`), join(folder, `tls.${end}`));
  }
};

for (const [sentence, replace] of Object.entries({
  ...ways,
  'links lead out of the folder, where no event is seen': leadingOut,
})) {
  test(`when ${sentence}, new connections see the new certificate and old ones go on`, async (t) => {
    const first = another();
    const server = await filesServer(t, first, { time: quickTime });
    const kept = agentFor(t, { keepAlive: true });
    assert.equal(await asked(server.port, kept), fingerprintOf(first));

    // Twice: the first time may change what the files are (links), the second finds them so.
    for (const next of [another(), another()]) {
      await replace(server.folder, next);
      await served(server, next);
      assert.equal(await asked(server.port, kept), 'the same connection');
    }
    assert.deepEqual(server.errors, []);
    assert.equal(server.applied.length, 2);
  });
}

test('under constant requests, 36 changes in all ways lose none', async (t) => {
  const server = await filesServer(t, another(), { time: quickTime });
  const clients = [false, false, true].map((keepAlive) => agentFor(t, { keepAlive }));
  const seen = new Set<string>();
  let isOver = false;
  let requests = 0;
  const traffic = clients.map(async (agent) => {
    for (; !isOver; requests++) seen.add(await asked(server.port, agent));
  });
  const pairs: Made[] = [];
  for (let i = 0; i < 36; i++) {
    const replace = Object.values(ways)[i % Object.keys(ways).length];
    const next = another();
    pairs.push(next);
    await replace?.(server.folder, next);
    const before = requests;
    await eventually(
      `change ${i + 1} is served, and requests go on`,
      async () => {
        return (seen.has(fingerprintOf(next)) && requests > before) || undefined;
      },
      { everyMs: 5 },
    );
  }
  isOver = true;
  await Promise.all(traffic);
  assert.deepEqual(
    server.applied,
    pairs.map(({ cert }) => cert),
  );
  assert.deepEqual(server.errors, []);
});

test('files that are only touched, or written with the same bytes, are no change', async (t) => {
  const first = another();
  const server = await filesServer(t, first, { time: quickTime });
  await utimes(join(server.folder, 'tls.crt'), new Date(), new Date());
  for (const name of ['tls.crt', 'tls.key']) {
    await writeFile(join(server.folder, name), await readFile(join(server.folder, name)));
  }
  const next = another();
  await ways['the kubelet swaps ..data']?.(server.folder, first);
  await ways['each file is renamed over']?.(server.folder, next);
  await served(server, next);
  assert.deepEqual(server.applied, [next.cert]);
});

test('with waits as long as they are, a change is served within three seconds', async (t) => {
  const server = await filesServer(t, another());
  const next = another();
  await ways['the kubelet swaps ..data']?.(server.folder, next);
  await served(server, next, 3000);
});

async function served({ port }: FilesServer, next: Made, timeoutMs = 20_000): Promise<void> {
  const isServed = async () =>
    (await fingerprintSeenBy({ ca: ca.cert, name: 'localhost', port })) === fingerprintOf(next) || undefined;
  await eventually('the new certificate is served', isServed, { everyMs: 10, timeoutMs });
}
