import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitRepoProblem } from '../../rules/website/git-repo.ts';
import type { HostSettings } from '../../rules/website/host-settings.ts';

const ANY: HostSettings = { allowedHosts: [], privateHosts: 'allow' };

/** What is meant, and how people write it. */
const meant: { readonly [right: string]: readonly string[] } = {
  'https://github.com/o/r': [
    'github.com/o/r',
    'www.github.com/o/r',
    '//github.com/o/r',
    'HTTPS://github.com/o/r',
    'https:/github.com/o/r',
    'https:///github.com/o/r',
    'https:github.com/o/r',
    'https//github.com/o/r',
    'htps://github.com/o/r',
    'htttps://github.com/o/r',
    'git+https://github.com/o/r',
    'http://github.com/o/r',
    'HTTP://github.com:80/o/r',
    'git://github.com/o/r',
    'git://github.com:9418/o/r',
    ' https://github.com/o/r',
    'https://github.com/o/r\n',
    '"https://github.com/o/r"',
    '<https://github.com/o/r>',
    'git clone https://github.com/o/r',
    'https:\\\\github.com\\o\\r',
    'github.com\\o\\r',
    'https://github.com/o/r?tab=readme-ov-file',
    'https://github.com/o/r#readme',
    'https://github.com/o/r/tree/main',
    'https://github.com/o/r/tree/feature/a',
    'https://github.com/o/r/blob/main/README.md#install',
    'https://github.com/o/r/pull/7/files?w=1',
    'github.com/o/r/tree/main',
    'http://www.github.com/o/r/issues',
  ],
  'https://gitlab.com/g/s/r': ['https://gitlab.com/g/s/r/-/tree/main', 'https://gitlab.com/g/s/r/blob/main/a'],
  'https://bitbucket.org/w/r': ['https://bitbucket.org/w/r/src/main/', 'https://bitbucket.org/w/r/commits/branch/x'],
  'https://codeberg.org/o/r': ['https://codeberg.org/o/r/src/branch/main'],
  'git@github.com:o/r': [
    'git@github.com/o/r',
    'ssh://git@github.com:o/r',
    'git@github.com:o/r/tree/main',
    'git@github.com:o/r?x=1',
    'git clone git@github.com:o/r',
  ],
  'ssh://git@github.com/o/r': ['git+ssh://git@github.com/o/r', 'ssh:git@github.com/o/r', 'SSH://git@github.com/o/r'],
  'ssh://git@github.com:22/o/r': ['git@github.com:22/o/r'],
  'https://h/r': ['http://h/r', 'git://h/r'],
};

for (const [right, texts] of Object.entries(meant)) {
  for (const text of texts) {
    test(`${JSON.stringify(text)} is refused, and may have been meant to be ${right}`, () => {
      const problem = gitRepoProblem(text, ANY) ?? '';
      assert.ok(problem.endsWith(`; did you mean ${right}?`), problem || 'accepted');
    });
  }
}

const HINT = /did you mean/;

const unknown: { readonly [sentence: string]: readonly [repo: string, hosts?: HostSettings] } = {
  'a word': ['r'],
  'a path that might be on any host': ['o/r'],
  'another scheme': ['ftp://h.example/r'],
  'a file': ['/srv/git.d/r'],
  'an address with a password': ['http://u:hunter2@github.com/o/r'],
  'an address with a token for a user': ['hunter2@github.com/o/r'],
  'a page behind a token': ['https://hunter2@github.com/o/r/tree/main'],
  'an address with "@" in its query': ['https://github.com/o/r?mail=a@b'],
  'an address on a host that is not allowed': ['github.com/o/r', { ...ANY, allowedHosts: ['git.example.com'] }],
  'an address on localhost': ['http://localhost/r'],
  'an address on a private host where those are refused': ['http://10.0.0.1/r', { ...ANY, privateHosts: 'refuse' }],
  'an address that is too long to be read': [`http://h.example/${'r'.repeat(200)}`],
};

for (const [sentence, [repo, hosts = ANY]] of Object.entries(unknown)) {
  test(`nothing is guessed for ${sentence}`, () => {
    const problem = gitRepoProblem(repo, hosts);
    assert.ok(problem !== undefined, 'accepted');
    assert.doesNotMatch(problem, HINT);
  });
}

test('a host that is allowed without its "www." is offered without it', () => {
  const problem = gitRepoProblem('https://www.github.com/o/r', { ...ANY, allowedHosts: ['github.com'] });
  assert.equal(problem, 'must be on an allowed host: github.com; did you mean https://github.com/o/r?');
});

test('a page is named as what it is', () => {
  assert.equal(
    gitRepoProblem('https://github.com/o/r/tree/main', ANY),
    'must be the repository and not a page of it: a branch, tag or commit goes into the ref; did you mean https://github.com/o/r?',
  );
});
