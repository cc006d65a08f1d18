import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { newTsconfig } from '../../cli/new/editor.ts';
import { ruleSource } from '../../cli/new/rule-source.ts';
import { subjectNamed } from '../../cli/new/subject.ts';
import * as kinds from '../../webhook/kinds.ts';
import { folderOf } from '../load/rule-folder.ts';

const TSC = join(import.meta.dirname, '../../node_modules/.bin/tsc');
const PHASES = ['mutating', 'validating'] as const;

test('rules for every kind have no fault in an editor that has nothing but the tsconfig.json that comes with them', async (t) => {
  const folder = await folderOf(t, {});
  const rules = join(folder, 'rules');
  await mkdir(rules);
  const tsconfig = newTsconfig(folder, rules);
  await writeFile(join(folder, 'tsconfig.json'), tsconfig ?? '');
  for (const kind of [...Object.keys(kinds), 'Website', 'gateway.networking.k8s.io/v1/HTTPRoute']) {
    for (const phase of PHASES) {
      const name = `${phase}-rule-${kind.toLowerCase().replaceAll(/[^a-z0-9]/g, '-')}`;
      await writeFile(join(rules, `${name}.ts`), ruleSource(name, phase, subjectNamed(kind)));
    }
  }
  // A name that the file imports, and a word that JavaScript reserves.
  await writeFile(join(rules, 'a.ts'), ruleSource('validating-rule', 'validating', subjectNamed('Pod')));
  await writeFile(join(rules, 'b.ts'), ruleSource('delete', 'mutating', subjectNamed('Pod')));
  const checked = spawnSync(TSC, ['-p', folder], { encoding: 'utf8' });
  assert.equal(checked.status, 0, checked.stdout);

  const slip = ruleSource('a-slip', 'validating', subjectNamed('Pod')).replace('metadata.labels', 'metadata.lables');
  await writeFile(join(rules, 'slip.ts'), slip);
  const again = spawnSync(TSC, ['-p', folder], { encoding: 'utf8' });
  assert.match(again.stdout, /rules\/slip\.ts\(\d+,\d+\): error .*'lables'.*'labels'/);
});

test('where the package is installed, its types are those that the editor takes', async (t) => {
  const folder = await folderOf(t, { 'node_modules/portcullis/package.json': '{}', 'policy/rules/a.ts': '' });
  const tsconfig = JSON.parse(newTsconfig(join(folder, 'policy'), join(folder, 'policy/rules')) ?? '');
  assert.equal(tsconfig.compilerOptions.paths, undefined);
  assert.deepEqual(tsconfig.include, ['./rules']);
});

for (const file of ['tsconfig.json', 'rules/tsconfig.json']) {
  test(`beside a ${file} none is made`, async (t) => {
    const folder = await folderOf(t, { [file]: '{}', 'rules/a.ts': '' });
    assert.equal(newTsconfig(folder, join(folder, 'rules')), undefined);
  });
}
