import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitRepoProblem, withoutCredentials } from '../../rules/website/git-repo.ts';
import type { HostSettings } from '../../rules/website/host-settings.ts';
import { pick, randomFrom, seedOf } from './random.ts';

const shown: { [repo: string]: string } = {
  'https://github.com/o/r.git': 'https://github.com/o/r.git',
  'git@github.com:o/r.git': 'git@github.com:o/r.git',
  'ssh://deploy@h:22/r': 'ssh://deploy@h:22/r',
  'github.com/o/r': 'github.com/o/r',
  'https://h:99999/r': 'https://h:99999/r',
  'git@h:': 'git@h:',
  'https://u:hunter2@h/r': 'https://***@h/r',
  'https://hunter2@h/r': 'https://***@h/r',
  'https://git@h/r': 'https://***@h/r',
  'HTTP://u:hunter2@h/r': 'HTTP://***@h/r',
  'ssh://git:hunter2@h/r': 'ssh://***@h/r',
  'u:hunter2@h:r': '***@h:r',
  'ghp_hunter2@h:r': '***@h:r',
  'ssh://glpat-hunter2@h/r': 'ssh://***@h/r',
  'hunter2@h/r': '***@h/r',
  'https:/u:hunter2@h/r': 'https:/***@h/r',
  'https://u:hunter2%40h/r': 'https://***@h/r',
  'https://u:hunter2\uff20h/r': 'https://***@h/r',
  'https://u:hun/ter@2@h/r': 'https://***@h/r',
  'https://u:hun?ter2@h/r': 'https://***',
  'https://h/r?token=hunter2': 'https://h/r?***',
  'https://h/r?mail=a@b&token=hunter2': 'https://***',
  'https://h/ruser=a@b&token=hunter2': 'https://***@b&***',
  'https://u:hunter2': 'https://u:***',
  'https://u:hunter2%2540h/r': 'https://u:***/r',
  'https://h/r\nhttps://u:hunter2@h': 'https://***@h',
  'https://u:p@h/r\nhttps://u:hunter2': 'https://***@h/r\n***',
};

for (const [repo, text] of Object.entries(shown)) {
  test(`${JSON.stringify(repo)} is shown as ${JSON.stringify(text)}`, () => {
    assert.equal(withoutCredentials(repo), text);
  });
}

/** Where people put passwords, and how they get the rest wrong; `*` is the password. */
const TEMPLATES = [
  'https://user:*@host.example/o/r.git',
  'https://*@host.example/o/r',
  'https://*:x-oauth-basic@host.example/o/r',
  'HTTPS://user:*@host.example:8443/r',
  ' http://user:*@host.example/r',
  'https:/user:*@host.example/r',
  'https:user:*@host.example/r',
  'https//user:*@host.example/r',
  'htps://user:*@host.example/r',
  'git+https://user:*@host.example/r',
  'ssh://git:*@host.example/r',
  'ssh://git:*@host.example:22/r@v1',
  'git:*@host.example:o/r',
  'user@corp:*@host.example:o/r',
  'user:*@host.example/o/r',
  '*@host.example/o/r',
  'https://user:*%40host.example/o/r',
  'https://user:*\uff20host.example/o/r',
  'https://user:*@host.example/r\nhttps://user:*@host.example/r',
  'https://host.example/r?token=*',
  'https://host.example/r?user=a@b&token=*',
  'https://host.example/r#*',
  '"https://user:*@host.example/r"',
  'git clone https://user:*@host.example/r',
  '<https://user:*@host.example/r>',
  'https://user:*@github.com/o/r/tree/main',
  'https://*@gitlab.com/g/r/-/tree/main',
  'https://github.com/o/r/tree/main?token=*',
  '//user:*@host.example/o/r',
  'git+ssh://git:*@host.example/o/r',
  'user:*@www.github.com/o/r',
  'https://user:*@127.1/r',
];
const NASTY = [
  '@',
  ':',
  '/',
  '//',
  '?',
  '#',
  '%',
  '%40',
  '%2540',
  '\\',
  '\n',
  ' ',
  'é',
  '😀',
  '-',
  '.',
  '&',
  '[',
  ']',
  '$(',
  '',
];

const POLICIES: HostSettings[] = [
  { allowedHosts: [], privateHosts: 'allow' },
  { allowedHosts: ['host.test'], privateHosts: 'refuse' },
];

test('no part of a password is ever shown, whatever it holds and however the address is misspelt', (t) => {
  const seed = seedOf(t);
  const random = randomFrom(seed);
  for (let round = 0; round < 50_000; round += 1) {
    const pieces = Array.from(
      { length: 1 + Math.floor(random() * 4) },
      () => `Zq${Math.floor(random() * 1e9).toString(36)}`,
    );
    const password = pieces.map((piece) => pick(random, NASTY) + piece).join('') + pick(random, NASTY);
    const repo = misspelt(pick(random, TEMPLATES), random).replaceAll('*', () => password);
    const problems = POLICIES.map((hosts) => gitRepoProblem(repo, hosts) ?? '');
    for (const text of [withoutCredentials(repo), ...problems]) {
      const leaked = pieces.filter((piece) => text.includes(piece));
      assert.deepEqual(leaked, [], `SEED=${seed}: ${JSON.stringify(repo)} is shown as ${JSON.stringify(text)}`);
    }
  }
});

/** Now and then "https://" loses or doubles a character; in the SSH forms that could make a user of a password. */
function misspelt(template: string, random: () => number): string {
  if (!/^ ?http/i.test(template) || random() < 0.5) return template;
  const at = Math.floor(random() * 8);
  return template.slice(0, at) + (random() < 0.5 ? '' : (template[at] ?? '').repeat(2)) + template.slice(at + 1);
}
