import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { V1Container, V1Pod } from '@kubernetes/client-node';
import type { InNamespace } from '../../cluster.ts';
import { eventually } from '../../eventually.ts';
import type { Installation } from '../installation.ts';

/** The lines of the README's "Serve a repository from a pod", which the test of the documents holds it to. */
export const POD_COMMANDS = [
  'kubectl apply -f examples/pods/kubia-nginx.yaml',
  'kubectl apply -f examples/pods/2048-httpd.yaml',
  'kubectl apply -f examples/pods/content-first.yaml',
  'kubectl apply -f examples/pods/logs-its-variables.yaml',
  'kubectl create secret generic git-over-ssh --from-file=ssh=id_ed25519 --from-file=known_hosts=known_hosts',
  'kubectl create secret generic git-over-https --from-file=username=username --from-file=password=password',
  'kubectl apply -f examples/pods/private-repository.yaml',
] as const;

/** The README's examples, applied by its own commands: the pods that come of them have what it says. */
export async function readmePods(t: TestContext, cluster: Installation): Promise<void> {
  const kubectl = await cluster.namespace('readme-pods');
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-credentials-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const name of ['id_ed25519', 'known_hosts', 'username', 'password']) await writeFile(join(folder, name), name);

  await t.test('each command is done, without a warning', async () => {
    for (const command of POD_COMMANDS) {
      const words = command.split(' ').slice(1);
      // The files of a user's own are in a folder of the test.
      const args = words.map((word) => word.replace(/^(--from-file=.*=)/, `$1${folder}/`));
      const { code, stderr } = await kubectl(args);
      assert.deepEqual([code, stderr], [0, ''], command);
    }
  });

  await t.test('nginx has the content of its Website as its document root, and git-sync beside it', async () => {
    const { gitSync, own } = await podOf(kubectl, 'app=kubia');
    assert.ok(gitSync.args?.includes('--repo=https://github.com/luksa/kubia-website-example.git'));
    assert.deepEqual(mountsOf(own.nginx), { '/etc/nginx/conf.d': 'nginx', '/usr/share/nginx': 'git-sync-content' });
    assert.ok(gitSync.args?.includes('--link=/git/html'));
  });

  await t.test('httpd has it in `current` below the directory that mount-path names', async () => {
    const { gitSync, own } = await podOf(kubectl, 'app=game-2048');
    assert.deepEqual(mountsOf(own.httpd), { '/usr/local/apache2/htdocs': 'git-sync-content' });
    assert.ok(gitSync.args?.includes('--link=/git/current') && gitSync.args?.includes('--period=5m'));
    assert.ok(own.httpd?.args?.includes('DocumentRoot /usr/local/apache2/htdocs/current'));
  });

  await t.test('content that comes first is fetched once, before the pod’s own init containers', async () => {
    const { pod, gitSync } = await podOf(kubectl, 'app=prepared');
    assert.deepEqual(
      pod.spec?.initContainers?.map(({ name }) => name),
      ['git-sync', 'prepare'],
    );
    assert.ok(gitSync.args?.includes('--one-time'));
  });

  await t.test('the Secret of a private repository is mounted into git-sync, and nowhere else', async () => {
    const { pod, gitSync, own } = await podOf(kubectl, 'app=handbook');
    const secrets = (pod.spec?.volumes ?? []).filter(({ secret }) => secret?.secretName === 'git-over-ssh');
    assert.deepEqual(
      secrets.map(({ name, secret }) => [name, secret?.items?.map(({ key }) => key)]),
      [['git-sync-credentials', ['ssh', 'known_hosts']]],
    );
    assert.equal(mountsOf(gitSync)['/etc/git-secret'], 'git-sync-credentials');
    assert.deepEqual(mountsOf(own.nginx), { '/usr/share/nginx': 'git-sync-content' });
  });

  await t.test('the application has its variables before its own', async () => {
    const { stdout } = await kubectl(['get', 'pod', 'logs-its-variables', '-o', 'json']);
    const pod: V1Pod = JSON.parse(stdout);
    const names = pod.spec?.containers[0]?.env?.map(({ name }) => name) ?? [];
    assert.deepEqual([names.length, names[0], names.at(-1)], [12, 'POD_NAME', 'GREETING']);
  });
}

/** A pod that a Deployment has made: its git-sync, wherever it runs, and its other containers by their names. */
async function podOf(kubectl: InNamespace, selector: string) {
  const pod = await eventually(`a pod with ${selector}`, async (): Promise<V1Pod | undefined> => {
    const { stdout } = await kubectl(['get', 'pods', '-l', selector, '-o', 'json']);
    return JSON.parse(stdout).items[0];
  });
  const { containers = [], initContainers = [] } = pod.spec ?? {};
  const all = [...initContainers, ...containers];
  const [gitSync, ...others] = all.filter(({ name }) => name === 'git-sync');
  assert.ok(gitSync !== undefined && others.length === 0, `one git-sync among ${all.map(({ name }) => name)}`);
  return { pod, gitSync, own: Object.fromEntries(containers.map((container) => [container.name, container])) };
}

/** By their paths, the volumes; but for that of the ServiceAccount's token, which the API server mounts. */
function mountsOf(container: V1Container | undefined): { [mountPath: string]: string } {
  const mounts = container?.volumeMounts ?? [];
  return Object.fromEntries(
    mounts.filter(({ mountPath }) => !mountPath.startsWith('/var/run/secrets/')).map((at) => [at.mountPath, at.name]),
  );
}
