import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GitRepo, parseGitRepo } from '../../rules/website/git-address.ts';
import { gitRepoProblem } from '../../rules/website/git-repo.ts';
import type { HostSettings } from '../../rules/website/host-settings.ts';

const ANY: HostSettings = { allowedHosts: [], privateHosts: 'allow' };

const accepted: { [repo: string]: GitRepo } = {
  'https://github.com/o/r.git': { scheme: 'https', host: 'github.com', path: '/o/r.git' },
  'https://GitHub.COM.:443/o/r': { scheme: 'https', host: 'github.com', port: 443, path: '/o/r' },
  'https://h/a%20b/~c': { scheme: 'https', host: 'h', path: '/a%20b/~c' },
  'https://xn--bcher-kva.example/r': { scheme: 'https', host: 'xn--bcher-kva.example', path: '/r' },
  'ssh://git@h.example:2222/o/r': { scheme: 'ssh', user: 'git', host: 'h.example', port: 2222, path: '/o/r' },
  'ssh://h/~o/r': { scheme: 'ssh', host: 'h', path: '/~o/r' },
  'ssh://[2001:DB8::1]:22/r': { scheme: 'ssh', host: '2001:db8::1', port: 22, path: '/r' },
  'git@github.com:o/r.git': { scheme: 'scp', user: 'git', host: 'github.com', path: 'o/r.git' },
  'host:/srv/git/r': { scheme: 'scp', host: 'host', path: '/srv/git/r' },
  'git:o/r': { scheme: 'scp', host: 'git', path: 'o/r' },
  'ssh://APKAEIBAERJR2EXAMPLE@h/r': { scheme: 'ssh', user: 'APKAEIBAERJR2EXAMPLE', host: 'h', path: '/r' },
  'git@[2001:db8::1]:r': { scheme: 'scp', user: 'git', host: '2001:db8::1', path: 'r' },
  'https://198.51.100.7/r': { scheme: 'https', host: '198.51.100.7', path: '/r' },
  'https://h.example/o/r.git/': { scheme: 'https', host: 'h.example', path: '/o/r.git/' },
  'https://h.example/g/-/r': { scheme: 'https', host: 'h.example', path: '/g/-/r' },
  'https://gitlab.com/a/b/c/d': { scheme: 'https', host: 'gitlab.com', path: '/a/b/c/d' },
  'https://bitbucket.org/w/r.git/wiki': { scheme: 'https', host: 'bitbucket.org', path: '/w/r.git/wiki' },
};

for (const [repo, parts] of Object.entries(accepted)) {
  test(`a repository may be ${repo}`, () => {
    assert.deepEqual(parseGitRepo(repo), parts);
    assert.equal(gitRepoProblem(repo, ANY), undefined);
  });
}

const FORMS = 'must be https://host/path, ssh://git@host/path or git@host:path';
const LOCAL = `must not be a path on the machine that fetches it; it ${FORMS}`;
const HELPER = `must not name a remote helper ("ext::" runs a command); it ${FORMS}`;
const OPTION = 'must not have a user, host or path that begins with "-", which git or ssh would take for an option';
const CREDENTIALS = 'must not carry a user name, a password or a token: keep those in a Secret, and name the Secret';
const PASSWORD = 'must not carry a password: keep the key in a Secret, and name the Secret';
const TOKEN = 'must not have a token for its user: keep it in a Secret, and name the Secret';
const HOST = 'must have a valid host (a name of letters, digits, "-", "_" and "."; the port a number from 1 to 65535)';
const WHITE = 'must not contain white space or control characters';
const ASCII = 'must be ASCII: a host in punycode (xn--…), other characters percent-encoded';
const MARKS = 'must not contain any of " < > \\ ^ ` { | }';
const QUERY = 'must not have a query or a fragment ("?" or "#")';
const NO_PATH = 'must name a repository after the host';
const EXPANDED = 'must not contain "$(", which the kubelet would expand';
const AT = 'must not contain "@" after the host: a ref has a field of its own, credentials a Secret';
const OWNER = 'must name an owner and a repository: this host has them as owner/repository';
const NOT_HTTP = 'must use https:// or ssh://: http:// does not tell who answers';

const refused: { [sentence: string]: string[] } = {
  'must not be empty': [''],
  'must not be longer than 2048 characters': [`https://h/${'r'.repeat(2039)}`],
  [FORMS]: ['r', 'o/r', 'ftp://h/r', 'svn+ssh://h/r', 'token@github.com/o/r', 'github.com'],
  [LOCAL]: ['/srv/git/r', './r', '../r', '.', '~/r', 'file:///etc', 'FILE://h/r', 'C:\\repo', 'c:/repo', 'C:repo'],
  [HELPER]: ['ext::sh -c x', 'fd::7', '::x', 'ext::https://h/r'],
  [OPTION]: [
    '-x',
    '--upload-pack=x',
    'ssh://-oProxyCommand=x/r',
    'ssh://-l@h/r',
    'git@-h:r',
    'git@h:-r',
    'https://h/-r',
  ],
  [CREDENTIALS]: ['https://u:p@h/r', 'https://token@h/r', 'https://u:p%40h/r', 'https://u:p@@h/r', 'https://u:p/w@h/r'],
  [PASSWORD]: ['ssh://git:p@h/r', 'git:p@h:r', 'git:p@h/r', 'ssh://git:p/w@h/r', 'user:12%4034:r'],
  [TOKEN]: [
    'ssh://ghp_0123456789abcdefghijABCDEFGHIJ012345@h/r',
    'github_pat_0123456789@h:r',
    'glpat-0123456789abcdefghij@h:r',
    `ssh://${'t'.repeat(65)}@h/r`,
  ],
  [AT]: ['https://h/r@v1', 'https://h/r%40v1'],
  [HOST]: [
    'ssh://alice:hunter2/r',
    'https:///r',
    'https://',
    '://h/r',
    'https://h:0/r',
    'https://h:65536/r',
    'https://h:/r',
    'https://a..b/r',
    'https://[::1/r',
    'https://[1:2]/r',
    'https://[:::]/r',
    'https://[2001:db8::1::2]/r',
    'https://[fe80::1%25eth0]/r',
    'git@[fe80::1%eth0]:r',
    'https://%6c%6fcalhost/r',
    'https://127.0.0.1%2f/r',
    'https://1.2.3.4.5/r',
    'https://256.1.1.1/r',
    'https://127.0.0.08/r',
    'https://a.b.1/r',
    'https://4294967296/r',
    'https://localhost../r',
  ],
  [WHITE]: ['https://h/a b', 'git clone h', 'https://h/\0', 'https://h/\u0085', 'https://h/\u2028'],
  [ASCII]: ['https://bücher.example/r', 'https://gıthub.com/r', 'https://h/é', 'https://h/\u202er'],
  [MARKS]: ['https://h\\@evil/r', 'https://h/"r"', 'https://h/<r>', 'git@h:`r`', 'https://h/{r}', 'https://h/a|b'],
  [EXPANDED]: ['https://h/$(HOME)', 'git@h:$(HOME)'],
  [QUERY]: ['https://h?/r', 'https://h/r?user=a@b', 'git@-h:r?x'],
  [NO_PATH]: ['https://h', 'https://h/', 'https://h//', 'git@h:', 'git@h:/'],
  'must not contain "%" but in percent-encoding': ['https://h/100%', 'https://h/%zz', 'git@h:%1'],
  'must not contain control characters, encoded ones neither': ['https://h/%0a', 'ssh://h/a%00', 'https://h/%7F'],
  'must have a user of letters, digits and any of . _ ~ + - before "@"': ['ssh://a%20b@h/r', 'a@b@h:r', '@h:r'],
  [NOT_HTTP]: ['http://u:p@h/r', 'http://token@h/r'],
  [OWNER]: ['https://github.com/o', 'https://github.com/o/', 'git@github.com:r.git', 'https://codeberg.org/o.git'],
};

for (const [sentence, repos] of Object.entries(refused)) {
  for (const repo of repos) {
    const name = JSON.stringify(repo.length > 99 ? `${repo.slice(0, 20)}…` : repo);
    test(`a repository may not be ${name}`, () => assert.equal(gitRepoProblem(repo, ANY), sentence));
  }
}
