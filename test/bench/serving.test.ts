import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { isPinned } from '../../bench/serving/server-process.ts';
import type { ServedLine } from '../../bench/table.ts';
import { emptyFolder } from '../certs/empty-folder.ts';
import { bench } from './bench.ts';
import { allowing, peerServer } from './peer-server.ts';

/** Of Linux, where processes tell what they use. */
const tellsCpu = process.platform === 'linux';
const MOST_OF_PEER = 2_000_000;

test('the servers are measured in one run with a peer, and the results can be compared', async (t) => {
  const folder = await emptyFolder(t);
  const json = join(folder, 'results.json');
  const peer = await peerServer(t, ({ bytes }) => (bytes > MOST_OF_PEER ? { status: 413, body: '{}' } : allowing()));
  const url = `https://127.0.0.1:${peer.port}/mutate/ours`;
  const run = await bench('--part', 'serving', '--quick', '--peer', url, '--json', json, '--profile', folder);
  assert.deepEqual([run.code, run.stderr], [0, '']);
  const results = JSON.parse(await readFile(json, 'utf8'));
  const served: readonly ServedLine[] = results.tables[0].served;

  await t.test('each review has a line for each server, and figures but where the peer refused it', () => {
    const reviews = [...new Set(served.map(({ what }) => what))];
    assert.deepEqual(reviews, REVIEWS);
    for (const what of reviews) {
      const lines = served.filter((line) => line.what === what);
      assert.deepEqual(
        lines.map(({ by }) => by),
        ['bare', 'portcullis', 'isolated', 'peer'],
      );
      for (const line of lines) checkLine(line);
    }
  });

  await t.test('the peer was asked at its own path alone', () => assert.deepEqual([...peer.paths], ['/mutate/ours']));

  await t.test('the machine is described', () => {
    const { cores, node, serverHasItsOwnCore, loadAverage } = results.machine;
    assert.ok(cores >= 1 && loadAverage >= 0);
    assert.deepEqual([node, serverHasItsOwnCore], [process.version, isPinned]);
  });

  await t.test('each server of ours has left its profile, and what took its time was said', async () => {
    const profiles = (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile'));
    assert.deepEqual(profiles.sort(), ['isolated.cpuprofile', 'portcullis.cpuprofile']);
    for (const name of profiles) assert.match(run.stdout, new RegExp(`^${name}: of [0-9.]+ s$`, 'm'));
  });

  await t.test('the promised figures that were measured come last, each with what became of it', () => {
    const rows = run.stdout.slice(run.stdout.indexOf('targets')).split('\n').slice(1, 7);
    for (const row of rows) assert.match(row, / {2}(reached|missed), (by )?\d+ %/);
  });

  await t.test('compared with itself it is no regression, and nothing is measured anew', async () => {
    const again = await bench('--results', json, '--compare', json, '--threshold', '1');
    assert.deepEqual([again.code, again.stderr], [0, '']);
    for (const what of REVIEWS) assert.ok(again.stdout.includes(what), what);
  });
});

/** What an API server may send, from one Pod's reviews on. */
const REVIEWS = [
  '/mutate of a Pod that gets both, 3 reviews',
  '/validate of that Pod, 2 reviews',
  'a Pod that gets git-sync, 5 kB',
  'a Pod that gets the variables, 5 kB',
  'a Pod that asks for nothing, 5 kB',
  'a Website',
  'a Deployment, 100 kB',
  'a Pod that gets git-sync, 12 MB',
  'a Pod, for one loaded rule, 5 kB',
  'a Pod, for one loaded rule that edits, 5 kB',
];

function checkLine({ what, by, bytes, figures, fault }: ServedLine): void {
  if (by === 'peer' && bytes > MOST_OF_PEER) {
    assert.equal(figures, undefined);
    assert.match(fault ?? '', /answers were 413/);
    return;
  }
  assert.equal(fault, undefined);
  assert.ok(figures !== undefined && figures.perSecond > 0, `${what}, ${by}`);
  const { p50, p99, p999, cpuMs } = figures;
  assert.ok(p50 > 0 && p50 <= p99 && p99 <= p999, `${what}, ${by}`);
  assert.equal(cpuMs !== undefined && cpuMs >= 0, tellsCpu && by !== 'peer', `${what}, ${by}`);
}
