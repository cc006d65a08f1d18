import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { outcomeOf } from '../pod/outcome-of.ts';
import { website } from '../website/decision-of.ts';
import { gitSyncIn } from './git-sync-in.ts';
import { webPod, websitePod } from './pods.ts';

const MOUNT = { name: 'git-sync-credentials', mountPath: '/etc/git-secret', readOnly: true };
const shown: { repo: string; args: string[]; env: object[] | undefined; files: string[] }[] = [
  {
    repo: 'https://git.example.com/o/r',
    args: ['--password-file=/etc/git-secret/password'],
    env: [{ name: 'GITSYNC_USERNAME', valueFrom: { secretKeyRef: { name: 'key', key: 'username' } } }],
    files: ['password'],
  },
  ...['ssh://git@git.example.com/o/r', 'git@git.example.com:o/r.git', 'ssh://git.example.com:2222/o/r'].map((repo) => ({
    repo,
    args: ['--ssh-key-file=/etc/git-secret/ssh', '--ssh-known-hosts-file=/etc/git-secret/known_hosts'],
    env: undefined,
    files: ['ssh', 'known_hosts'],
  })),
];
for (const { repo, args, env, files } of shown) {
  for (const { by, pod, found } of [
    { by: 'an annotation', pod: webPod({}, { 'git-repo': repo, 'git-secret': 'key' }), found: {} },
    { by: 'a Website', pod: websitePod(), found: kubia(repo, 'key') },
  ]) {
    test(`${repo} with a Secret by ${by}: git-sync gets ${files.join(' and ')} of it, and nobody else anything`, () => {
      const { outcome, pod: after } = outcomeOf(gitSync, pod, { found });
      assert.equal(outcome.decision, 'allow', JSON.stringify(outcome));
      const { container } = gitSyncIn(after);
      assert.ok(container.args.includes(`--repo=${repo}`));
      assert.deepEqual(container.args.slice(-args.length), args);
      assert.deepEqual(container.env, env);
      assert.deepEqual(container.volumeMounts[2], MOUNT);
      assert.deepEqual(after.spec.volumes[2], {
        name: 'git-sync-credentials',
        // Files of a Secret are root's, and git-sync is not.
        secret: { secretName: 'key', defaultMode: 0o444, items: files.map((key) => ({ key, path: key })) },
      });
      assert.ok(!JSON.stringify(after.spec.containers[0]).includes('credentials'), 'the web server sees none of it');
      const evictable = after.metadata.annotations['cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes'];
      assert.equal(evictable, 'git-sync-content,git-sync-tmp', 'a Secret is not lost with a node');
    });
  }
}

for (const { by, pod, found } of [
  { by: 'a pod', pod: webPod(), found: {} },
  { by: 'a pod whose annotation is null', pod: webPod({}, { 'git-secret': null }), found: {} },
  { by: 'a Website', pod: websitePod(), found: { website: website() } },
  { by: 'a Website whose credentials are null', pod: websitePod(), found: { website: website({ credentials: null }) } },
]) {
  test(`${by} that names no Secret: there is nothing of one`, () => {
    const { pod: after } = outcomeOf(gitSync, pod, { found });
    const { container } = gitSyncIn(after);
    assert.ok(!('env' in container));
    assert.doesNotMatch(JSON.stringify(after.spec), /credentials|password|ssh|git-secret/);
  });
}

test('what is fetched once shows who it is, too', () => {
  const annotations = { 'git-repo': 'git@h.example:r', 'git-secret': 'key', 'git-mode': 'init' };
  const { runsAs, container } = gitSyncIn(outcomeOf(gitSync, webPod({}, annotations)).pod);
  assert.equal(runsAs, 'once');
  assert.ok(container.args.includes('--ssh-key-file=/etc/git-secret/ssh'), container.args.join(' '));
  assert.deepEqual(container.volumeMounts[2], MOUNT);
});

test('a Secret whose name has dots and digits is one, up to the 253 characters that it may have', () => {
  for (const name of ['0', 'a.b-c.9', `${'a'.repeat(126)}.${'b'.repeat(126)}`]) {
    const { pod } = outcomeOf(gitSync, webPod({}, { 'git-secret': name }));
    assert.equal(pod.spec.volumes[2].secret.secretName, name);
  }
});

function kubia(gitRepo: string, secretName: string): { website: unknown } {
  return { website: website({ gitRepo, credentials: { secretName } }) };
}
