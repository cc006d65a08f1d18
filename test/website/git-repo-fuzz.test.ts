import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseGitRepo } from '../../rules/website/git-address.ts';
import { gitRepoProblem, withoutCredentials } from '../../rules/website/git-repo.ts';
import type { HostSettings } from '../../rules/website/host-settings.ts';
import { pick, randomFrom, seedOf } from './random.ts';

const POLICIES: readonly (HostSettings | undefined)[] = [
  undefined,
  { allowedHosts: [], privateHosts: 'allow' },
  { allowedHosts: [], privateHosts: 'refuse' },
  { allowedHosts: ['github.com', '*.example.com', '127.0.0.1'], privateHosts: 'allow' },
];
const SEEDS = [
  ...['https://github.com/o/r.git', 'git@github.com:o/r', 'ssh://git@h.example:22/o/r', 'github.com/o/r'],
  ...['https://github.com/o/r/tree/main', 'https://gitlab.com/g/r/-/blob/main/a', 'git clone https://h.example/r'],
  ...['https://[::ffff:127.0.0.1]/r', 'https://0x7f.1/r', 'https://2130706433/r', 'https://a.localhost./r'],
  ...['"https://h.example/r"', 'http://h.example:80/r?x=1#y', 'https://u:p@h.example/r', '//h.example/r', 'ext::x'],
];
const PIECES = [
  ...[
    'https://',
    'http:',
    'ssh://',
    'git@',
    'git+',
    '//',
    '/',
    ':',
    '::',
    '@',
    '%40',
    '%',
    '.',
    '..',
    '-',
    '[',
    ']',
    '?',
    '#',
  ],
  ...[
    'www.',
    'github.com',
    '/tree/',
    '/-/',
    '.git',
    '0x7f',
    '127.1',
    '1',
    '::1',
    'localhost',
    ' ',
    '\n',
    '\0',
    '$(',
    '\\',
  ],
  ...['é', '😀', '\ud800', '***', '"', '<', '>', 'a'.repeat(70), '1'.repeat(40)],
];

test('whatever stands in an address, it is judged; and what is offered instead is accepted', (t) => {
  const seed = seedOf(t);
  const random = randomFrom(seed);
  let offered = 0;
  for (let round = 0; round < 100_000; round += 1) {
    const repo = mutated(random() < 0.8 ? pick(random, SEEDS) : '', random);
    const hosts = pick(random, POLICIES);
    const among = `SEED=${seed}: ${JSON.stringify(repo)}`;
    const problem = gitRepoProblem(repo, hosts);
    if (problem === undefined) assert.equal(withoutCredentials(repo), repo, among);
    else assert.match(problem, /^must /, among);
    const right = problem?.match(/; did you mean (.*)\?$/)?.[1];
    if (right === undefined) continue;
    offered += 1;
    assert.equal(gitRepoProblem(right, hosts), undefined, `${among}: ${right}`);
    assert.notEqual(right, repo, among);
  }
  assert.ok(offered > 1000, `only ${offered} were offered anything`);
});

test('an address of a megabyte is judged, and shown, in no time', () => {
  for (const piece of [...PIECES, 'https://', '/tree/a', '0.', 'a@', '?a=b&', '[::', ' \n']) {
    for (const start of ['', 'https://', 'git@h:', 'https://[', ' ']) {
      const repo = start + piece.repeat(Math.ceil(1e6 / piece.length));
      // What is as long as may be goes through everything; what is longer must not.
      for (const text of [repo, repo.slice(0, 2048)]) {
        const started = performance.now();
        gitRepoProblem(text, POLICIES[1]);
        withoutCredentials(text);
        const took = performance.now() - started;
        assert.ok(took < 500, `${JSON.stringify(start + piece.slice(0, 9))}… took ${Math.round(took)} ms`);
      }
    }
  }
});

test('an address that is accepted has the host that the URL standard reads', (t) => {
  const seed = seedOf(t);
  const random = randomFrom(seed);
  for (let round = 0; round < 50_000; round += 1) {
    const repo = mutated(
      pick(
        random,
        SEEDS.filter((text) => text.startsWith('https://')),
      ),
      random,
    );
    const parts = parseGitRepo(repo);
    if (typeof parts === 'string' || parts.scheme !== 'https') continue;
    const url = new URL(repo);
    const among = `SEED=${seed}: ${JSON.stringify(repo)}`;
    assert.deepEqual([url.username, url.password, url.search, url.hash], ['', '', '', ''], among);
    if (/^\d|^0x|:/.test(parts.host)) continue;
    assert.equal(url.hostname.replace(/\.$/, ''), parts.host, among);
  }
});

/** With up to four pieces put in, taken out or put in the place of others. */
function mutated(text: string, random: () => number): string {
  let result = text;
  for (let count = Math.ceil(random() * 4); count > 0; count -= 1) {
    const at = Math.floor(random() * (result.length + 1));
    const piece = random() < 0.3 ? '' : pick(random, PIECES);
    result = result.slice(0, at) + piece + result.slice(at + Math.floor(random() * 3));
  }
  return result;
}
