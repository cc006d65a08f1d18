import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { mountPathProblem } from '../../rules/git-sync/mount-path.ts';
import { outcomeOf } from '../pod/outcome-of.ts';
import { gitSyncIn } from './git-sync-in.ts';
import { webPod } from './pods.ts';

const good = [
  ...['/srv/site', '/usr/share/nginx/html', '/usr/local/apache2/htdocs', '/content', '/var/www', '/opt/bitnami/nginx'],
  ...['/etc/nginx/html', '/home/app', '/usr/src/app/public', '/a', '/library', '/data/$(HOME)', '/var/lib/site'],
];
for (const path of good) {
  test(`${path} is mounted there, and the content is its current`, () => {
    assert.equal(mountPathProblem(path), undefined);
    const { pod } = outcomeOf(gitSync, webPod({}, { 'mount-path': path }));
    assert.deepEqual(pod.spec.containers[0].volumeMounts, [
      { name: 'git-sync-content', mountPath: path, readOnly: true },
    ]);
    assert.ok(gitSyncIn(pod).container.args.includes('--link=/git/current'));
  });
}

const needed = [
  ...['/', '/etc', '/home', '/usr', '/usr/bin', '/usr/lib', '/usr/local', '/usr/local/bin', '/usr/share', '/opt'],
  ...['/srv', '/tmp', '/root', '/run', '/var', '/var/lib', '/var/log', '/var/run', '/mnt', '/media'],
  ...['/bin', '/bin/x', '/dev', '/dev/shm', '/lib', '/lib64/x', '/proc', '/proc/1', '/sbin', '/sys', '/boot'],
  ...['/run/secrets', '/var/run/secrets/kubernetes.io/serviceaccount'],
];
for (const path of needed) {
  test(`${path} is refused, since every program needs what is there`, () => {
    const expected = `must be a directory of its own, such as /srv/website: a volume at ${path} hides what every program needs`;
    assert.equal(mountPathProblem(path), expected);
    // Where it leads counts, not how it is written.
    if (path === '/') return;
    assert.equal(mountPathProblem(`${path}/`), expected);
    assert.equal(mountPathProblem(`/srv/..${path}/.`), expected);
  });
}

const unclean = 'must be written without ".", "..", "//" and a slash at the end: ';
const characters = 'must be 1 to 255 printable ASCII characters, none a blank or a colon';
const bad: { [path: string]: string } = {
  '': 'must be an absolute path',
  'srv/site': 'must be an absolute path',
  './site': 'must be an absolute path',
  '~/site': 'must be an absolute path',
  '/srv/my site': characters,
  '/srv/a:b': characters,
  '/srv/site\n': characters,
  '/srv/s\u0456te': characters,
  '/srv/\u202etis': characters,
  [`/${'a'.repeat(255)}`]: characters,
  '/srv/site/': `${unclean}/srv/site`,
  '/srv//site': `${unclean}/srv/site`,
  '/srv/./site': `${unclean}/srv/site`,
  '/srv/../../data': `${unclean}/data`,
};
for (const [path, problem] of Object.entries(bad)) {
  test(`${JSON.stringify(path).slice(0, 40)} is refused`, () => assert.equal(mountPathProblem(path), problem));
}

test('a path of 255 characters is one, and a megabyte of slashes is refused at once', () => {
  assert.equal(mountPathProblem(`/${'a'.repeat(254)}`), undefined);
  const start = performance.now();
  assert.equal(mountPathProblem('/'.repeat(1_000_000)), characters);
  assert.ok(performance.now() - start < 100);
});
