import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import type { HostSettings } from '../../rules/website/host-settings.ts';
import { websiteSource } from '../../rules/website/website-source.ts';
import { filledIn } from '../pod/outcome-of.ts';

const hosts: { readonly [host: string]: boolean } = {
  'github.com': true,
  '*.Example.com.': true,
  git_server: true,
  '10.0.0.1': true,
  '::1': true,
  '2001:db8::10.0.0.1': true,
  '*': false,
  '': false,
  'github.com:443': false,
  '10.0.0.1:443': false,
  '[::1]': false,
  'github.com/o': false,
  'https://github.com': false,
  'git@github.com': false,
};
for (const [host, isRight] of Object.entries(hosts)) {
  test(`an operator ${isRight ? 'may' : 'cannot'} allow ${JSON.stringify(host)}`, () => {
    for (const rule of [gitSync, websiteSource]) {
      const fill = () => filledIn(rule, { allowedHosts: [host] });
      if (isRight) fill();
      else assert.throws(fill, /allowedHosts/);
    }
  });
}

test('an operator may allow or refuse private hosts, and nothing else', () => {
  for (const rule of [gitSync, websiteSource]) {
    assert.equal((filledIn(rule, {}) as HostSettings).privateHosts, 'allow');
    filledIn(rule, { privateHosts: 'refuse' });
    assert.throws(() => filledIn(rule, { privateHosts: false }), /privateHosts/);
  }
});
