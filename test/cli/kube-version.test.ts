import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../e2e/eventually.ts';
import { folderOf } from '../load/rule-folder.ts';
import { portcullis, running } from './portcullis.ts';

const FILES = {
  'rules/told.ts': [
    "import { allow, ConfigMap, validatingRule } from 'portcullis';",
    'export const told = validatingRule({',
    "  name: 'told', kind: ConfigMap, operations: ['CREATE'],",
    "  validate: (_, { kubeVersion }) => allow(JSON.stringify(kubeVersion ?? 'not known')),",
    '});',
  ].join('\n'),
  'portcullis.yaml': 'ruleFolders: [rules]\n',
  'cases/told/of-the-run/object.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
  'cases/told/of-its-own/object.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
  'cases/told/of-its-own/request.yaml': 'kubeVersion: "1.33"\n',
};

const versions: [sentence: string, args: string[], told: string][] = [
  ['not known unless said', [], '"not known"'],
  ['the one that is said', ['--kube-version', '1.31'], '{"major":1,"minor":31}'],
  ['the one that is said, as clouds write it', ['--kube-version=v1.32.4-eks-1'], '{"major":1,"minor":32}'],
];
for (const [sentence, args, told] of versions) {
  test(`the version that rules are told by replay and check is ${sentence}`, async (t) => {
    const cwd = await folderOf(t, FILES);
    const replayed = await portcullis(['replay', 'cases', '-v', ...args], { cwd });
    const [ofItsOwn = '', ofTheRun = ''] = replayed.stdout.split('of the run');
    assert.ok(ofItsOwn.includes('{"major":1,"minor":33}'), `whatever is said, the case's own: ${replayed.stdout}`);
    assert.ok(ofTheRun.includes(told), replayed.stdout);

    const checked = await portcullis(['check', 'cases/told/of-the-run/object.yaml', ...args], { cwd });
    assert.ok(checked.stdout.includes(`warning: ConfigMap/a: ${told} [told]`), checked.stdout);
    assert.equal(checked.code, 0);
  });
}

const refused: [args: string[], said: string][] = [
  [['replay', 'cases', '--kube-version', '1.19'], '"1.19"'],
  [['replay', 'cases', '--watch', '--kube-version', 'latest'], '"latest"'],
  [['check', 'cases', '--kube-version', '2.0'], '"2.0"'],
];
for (const [args, said] of refused) {
  test(`refused: ${args.join(' ')}`, async (t) => {
    const { code, stdout, stderr } = await portcullis(args, { cwd: await folderOf(t, FILES) });
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^portcullis: --kube-version must be like 1\.28, and 1\.20 or later, not /);
    assert.ok(stderr.includes(said), stderr);
  });
}

test('--watch tells rules the version that it was given, each time anew', async (t) => {
  const cwd = await folderOf(t, FILES);
  const { said } = running(t, ['replay', 'cases', '--watch', '-v', '--kube-version', '1.29'], { cwd });
  const times = (count: number) =>
    eventually(`told ${count} times`, async () => said.stdout.split('"minor":29').length > count || undefined);
  await times(1);
  await eventually('it waits', async () => said.stderr.includes('waiting for changes') || undefined);
  const before = said.stdout.split('"minor":29').length - 1;
  await appendFile(join(cwd, 'portcullis.yaml'), '# changed\n');
  await times(before + 1);
});
