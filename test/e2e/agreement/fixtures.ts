import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { parseExactly } from '../../../schema/exact-json.ts';
import { portcullis } from '../../cli/portcullis.ts';
import type { Done } from './operation.ts';

/** Of these cases the last review that was recorded, or the first, makes a case; with the rule that it is about. */
const RECORDED = [
  { name: 'git-sync/adds-a-container-volumes-and-a-mount-to-a-plain-pod', at: 0 },
  { name: 'git-sync-present/warns-of-a-label-that-says-yes', at: -1 },
  { name: 'website-source/refuses-a-password', at: -1 },
];

/** Takes recorded reviews as cases, as their users would, and asserts that replay gives the answers that were recorded. */
export async function replaysRecordings(recorded: ReadonlyMap<string, Done>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-recorded-'));
  try {
    const chosen = RECORDED.map(({ name, at }) => ({
      path: join(folder, name),
      recording: recorded.get(name)?.recordings.at(at),
    }));
    for (const { path, recording } of chosen) {
      assert.ok(recording);
      await mkdir(path, { recursive: true });
      await writeFile(join(path, 'review.json'), recording.request);
    }
    const updated = await portcullis(['replay', '--update', folder]);
    assert.equal(updated.code, 0, updated.stdout + updated.stderr);
    const replayed = await portcullis(['replay', folder]);
    assert.deepEqual([replayed.code, replayed.stderr], [0, ''], replayed.stdout);
    assert.match(replayed.stdout, /^3 of 3 cases passed/m);
    for (const { path, recording } of chosen) {
      const { responses } = parse(await readFile(join(path, 'expected.yaml'), 'utf8'));
      const { webhook, phase, rules, ...answer } = responses[0];
      const { uid, patch, patchType, ...response } = JSON.parse(`${recording?.response}`).response;
      const operations = patch === undefined ? {} : { patch: parseExactly(`${Buffer.from(patch, 'base64')}`) };
      assert.deepEqual(answer, { ...response, ...operations });
      assert.ok(Object.hasOwn(rules, basename(dirname(path))));
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
