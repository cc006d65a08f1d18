import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { portcullis } from '../cli/portcullis.ts';
import { documents } from './printed.ts';

/** The files below manifests/, and which kinds of what is printed they hold; all, where nothing is said. */
const files: readonly [file: string, args: readonly string[], kinds?: readonly string[]][] = [
  ['crd/websites.extensions.example.com.yaml', ['crd']],
  ['webhooks/webhooks.yaml', ['webhooks']],
  ['overlays/kube-1.20/webhooks/webhooks.yaml', ['webhooks', '--kube-version', '1.20']],
  ['server/namespace.yaml', ['server'], ['Namespace']],
  ['server/service-account.yaml', ['server'], ['ServiceAccount']],
  ['server/rbac.yaml', ['server'], ['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding']],
  ['server/service.yaml', ['server'], ['Service']],
  ['server/deployment.yaml', ['server'], ['Deployment']],
  ['server/pod-disruption-budget.yaml', ['server'], ['PodDisruptionBudget']],
  ['server/network-policy.yaml', ['server'], ['NetworkPolicy']],
];

for (const [file, args, kinds] of files) {
  test(`manifests/${file} is what manifests ${args.join(' ')} prints${kinds === undefined ? '' : ` of ${kinds}`}`, async () => {
    const golden = new URL(`../../manifests/${file}`, import.meta.url);
    const { stdout } = await portcullis(['manifests', ...args]);
    const wanted = stdout.split(/^---\n/m).filter((text) => kinds?.includes(documents(text)[0].kind) ?? true);
    const text = wanted.join('---\n');
    if (process.env.UPDATE) await writeFile(golden, text);
    assert.equal(
      text,
      await readFile(golden, 'utf8'),
      'UPDATE=1 node --test test/manifests/golden.test.ts rewrites it',
    );
  });
}

test('nothing of what manifests server prints is in no file', async () => {
  const { stdout } = await portcullis(['manifests', 'server']);
  const kinds = files.flatMap(([, , some = []]) => some);
  assert.deepEqual(
    documents(stdout)
      .map(({ kind }) => kind)
      .filter((kind) => kind !== 'CustomResourceDefinition'),
    kinds,
  );
});
