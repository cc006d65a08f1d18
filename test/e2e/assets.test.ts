import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { programPath } from './assets.ts';
import { ran } from './ran.ts';

const PRINTS = `import { withoutAssets } from ${JSON.stringify(import.meta.resolve('./assets.ts'))}; console.log(withoutAssets)`;
const REASON = 'KUBEBUILDER_ASSETS is not set: no real API server to try this on (see CONTRIBUTING.md)';

for (const [sentence, env, said] of [
  ['tests are skipped, with the reason, where no programs are named', {}, REASON],
  ['tests are skipped where an empty name is given', { KUBEBUILDER_ASSETS: '' }, REASON],
  ['tests are not skipped where programs are named that are missing', { KUBEBUILDER_ASSETS: '/missing' }, 'false'],
] as const) {
  test(sentence, async () => {
    const { stdout } = await ran(process.execPath, ['--input-type=module', '-e', PRINTS], env);
    assert.equal(stdout, `${said}\n`);
  });
}

test('a program that is missing, or may not be executed, is named together with the folder', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-assets-'));
  t.after(() => rm(folder, { recursive: true }));
  const wrong = { message: `KUBEBUILDER_ASSETS names ${folder}, which has no etcd to execute` };
  await assert.rejects(programPath('etcd', folder), wrong);
  await writeFile(join(folder, 'etcd'), '', { mode: 0o644 });
  await assert.rejects(programPath('etcd', folder), wrong);
  await writeFile(join(folder, 'kubectl'), '', { mode: 0o755 });
  assert.equal(await programPath('kubectl', folder), join(folder, 'kubectl'));
});
