import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clean, contentPathProblem } from '../../rules/git-sync/content-path.ts';
import { placeOfContent } from '../../rules/git-sync/content-place.ts';

const good: { path: string; parent: string; link: string }[] = [
  { path: '/usr/share/nginx/html', parent: '/usr/share/nginx', link: 'html' },
  { path: '/var/www/html', parent: '/var/www', link: 'html' },
  { path: '/var/www/localhost/htdocs', parent: '/var/www/localhost', link: 'htdocs' },
  { path: '/srv/site/public', parent: '/srv/site', link: 'public' },
  { path: '/content/current', parent: '/content', link: 'current' },
  { path: '/etcetera/x', parent: '/etcetera', link: 'x' },
  { path: '/data/$(HOME)', parent: '/data', link: '$(HOME)' },
];
for (const { path, parent, link } of good) {
  test(`${path} is mounted at ${parent} and linked as ${link}`, () => {
    assert.equal(contentPathProblem(path), undefined);
    assert.deepEqual(placeOfContent(path), { mountPath: parent, link });
  });
}

const unclean = 'must be written without ".", "..", "//" and a slash at the end: ';
const characters = 'must be 2 to 255 printable ASCII characters, none a blank or a colon';
const bad: { path: string; problem: string }[] = [
  { path: '', problem: 'must be an absolute path' },
  { path: 'content/html', problem: 'must be an absolute path' },
  { path: './html', problem: 'must be an absolute path' },
  { path: '/', problem: characters },
  { path: '/a b/c', problem: characters },
  { path: '/a/b:c', problem: characters },
  { path: '/a/b\nc', problem: characters },
  { path: '/a/é', problem: characters },
  { path: `/a/${'b'.repeat(253)}`, problem: characters },
  { path: '/a/b/', problem: `${unclean}/a/b` },
  { path: '/a//b', problem: `${unclean}/a/b` },
  { path: '/a/./b', problem: `${unclean}/a/b` },
  { path: '/a/../../b/c', problem: `${unclean}/b/c` },
  { path: '/data/root', problem: 'must not end in /root, a name that git-sync needs for itself' },
  { path: '/data/tmp-link', problem: 'must not end in /tmp-link, a name that git-sync needs for itself' },
];
for (const { path, problem } of bad) {
  test(`${JSON.stringify(path).slice(0, 40)} is refused`, () => assert.equal(contentPathProblem(path), problem));
}

const full = [
  ...['/html', '/bin/x', '/boot/x', '/dev/x', '/etc/x', '/etc/nginx/html', '/home/x', '/lib/x', '/lib64/x', '/opt/x'],
  ...['/proc/1/x', '/root/x', '/run/x', '/run/secrets/x', '/sbin/x', '/srv/x', '/sys/x', '/tmp/x', '/usr/x'],
  ...['/usr/bin/x', '/usr/share/x', '/usr/local/x', '/usr/local/apache2/htdocs', '/usr/src/app/public', '/var/x'],
  ...['/var/lib/x', '/var/log/x', '/var/run/x', '/var/run/secrets/x', '/opt/bitnami/nginx/html'],
];
for (const path of full) {
  test(`${path} is refused, since the volume would hide what the image has beside it`, () => {
    const parent = path.slice(0, path.lastIndexOf('/')) || '/';
    const problem = contentPathProblem(path) ?? '';
    assert.match(problem, /^must lie in a directory of its own/);
    assert.ok(problem.includes(` ${parent},`), problem);
  });
}

test('a path is refused for where it leads, before it is refused for how it is written', () => {
  for (const path of ['/etc/nginx/html/', '/a/../../etc/nginx/html']) {
    assert.match(
      contentPathProblem(path) ?? '',
      /^must lie in a directory of its own.* takes the place of \/etc\/nginx,/,
    );
  }
  assert.match(contentPathProblem('/data/root/') ?? '', /^must not end in \/root,/);
});

test('a path is cleaned as the kubelet would read it', () => {
  const cases = { '/git/': '/git', '//a//b': '/a/b', 'a/b': '/a/b', '/a/../../b': '/b', '': '/', '/': '/', '/./': '/' };
  for (const [path, expected] of Object.entries(cases)) assert.equal(clean(path), expected, path);
});
