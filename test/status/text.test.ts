import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusOf } from '../../cli/status-report.ts';
import { statusText } from '../../cli/status-text.ts';
import { ca, cluster, configuration, facts, inDays, next, STATE } from './facts.ts';

const URL = 'http://127.0.0.1:8081';

test('where all is well, that is said first, then all that there is', () => {
  const short = STATE.authorities[0]?.sha256.slice(0, 12);
  const text = statusText(statusOf(facts()), URL).replace(STATE.leaf.sha256.slice(0, 12), 'LEAF');
  assert.equal(
    text,
    `Portcullis 1.2.3 at http://127.0.0.1:8081: all is well

rules        2 rules are in force; replicas with the same decide the same: abababababab
             git-sync (mutating)
             downward-api (mutating, warn)
certificate  mode self: CN=a webhook, LEAF, ends 2026-12-21 12:00 UTC (in 30 days); its successor is due 2026-12-01 12:00 UTC (in 10 days)
             signed by CN=Portcullis CA 1
trust        signing: CN=Portcullis CA 1, ${short}, ends 2027-09-17 12:00 UTC (in 300 days)
registered   mutatingwebhookconfigurations/portcullis: as the rules in force generate it
               trusts the signing one: CN=Portcullis CA 1, ${short}, ends 2027-09-17 12:00 UTC (in 300 days)
             validatingwebhookconfigurations/portcullis: as the rules in force generate it
               trusts the signing one: CN=Portcullis CA 1, ${short}, ends 2027-09-17 12:00 UTC (in 300 days)
lookups      websites.extensions.example.com (optional): watched
API server   https://10.0.0.1:443, Kubernetes 1.32
`,
  );
});

test('what is wrong comes first, with the commands that mend it', () => {
  const configurations = [
    configuration('mutating', [next], { differences: ['x.y.z: it is not registered'] }),
    configuration('validating', [], { object: undefined, differences: ['it is not registered'] }),
  ];
  const text = statusText(statusOf(facts({ cluster: cluster(configurations), mend: ['first', 'second'] })), URL);
  const lines = text.split('\n');
  assert.deepEqual(lines.slice(0, 8), [
    'Portcullis 1.2.3 at http://127.0.0.1:8081: 3 things are wrong',
    '  - mutatingwebhookconfigurations/portcullis: x.y.z: it is not registered',
    '  - validatingwebhookconfigurations/portcullis: it is not registered',
    '  - mutatingwebhookconfigurations/portcullis: API servers do not trust the certificate that is served with',
    '  to mend what is registered:',
    '    first',
    '    second',
    '',
  ]);
  assert.match(text, /mutatingwebhookconfigurations\/portcullis: one difference\n {15}trusts CN=Portcullis CA 2, /);
  assert.match(text, /\n {15}does not trust the signing one: [0-9a-f]{12}\n/);
  assert.match(text, /\n {13}validatingwebhookconfigurations\/portcullis: it is not there\n/);
});

test('a server that has only begun, and asks no cluster, says what it has not got', () => {
  const text = statusText(statusOf(facts({ certificate: undefined, cluster: undefined, lookups: [] })), URL);
  assert.match(text, /\ncertificate {2}none yet\ntrust {8}not known yet\n/);
  assert.match(text, /\nregistered {3}no cluster is asked\nlookups {6}none\nAPI server {3}not asked\n$/);
});

test('what cannot be had is said where it belongs', () => {
  const lookups = [
    { resource: 'a.b', isOptional: false, isSynced: false, isWatched: false, problem: 'refused (403)' },
    { resource: 'c.d', isOptional: true, isSynced: true, isWatched: false, problem: 'cut' },
  ];
  const text = statusText(statusOf(facts({ lookups, cluster: cluster([], 'no answer') })), URL);
  assert.match(text, /\nregistered {3}cannot be read: no answer\n/);
  assert.match(
    text,
    /\nlookups {6}a\.b: not listed yet: refused \(403\)\n {13}c\.d \(optional\): read one by one: cut\n/,
  );
});

test('what is past is said to be, and a subject of several parts is one line', () => {
  const leaf = { ...STATE.leaf, subject: 'O=Me\nCN=webhook', notAfter: inDays(-0.01), renewAt: inDays(-10) };
  const text = statusText(
    statusOf(facts({ certificate: { mode: 'self', served: '', state: { ...STATE, leaf } } })),
    URL,
  );
  assert.match(
    text,
    /certificate {2}mode self: O=Me, CN=webhook, [0-9a-f]+, ends 2026-11-21 11:45 UTC \(14 min ago\); .* \(10 days ago\)/,
  );
});

test('nothing that a terminal obeys gets through', () => {
  const differences = ['x\u001b[2J\u202ey'];
  const text = statusText(
    statusOf(facts({ cluster: cluster([configuration('mutating', [ca], { differences })]) })),
    URL,
  );
  assert.ok(text.includes('x\\u{1b}[2J\\u{202e}y'), text);
});
