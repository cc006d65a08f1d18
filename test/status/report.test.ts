import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusOf } from '../../cli/status-report.ts';
import { ca, cluster, configuration, facts, inDays, next, problemsOf, STATE } from './facts.ts';

const [M, V] = ['mutatingwebhookconfigurations/portcullis', 'validatingwebhookconfigurations/portcullis'];
const missing = { object: undefined, differences: ['it is not registered'] };

for (const [sentence, more, ...problems] of [
  ['all is well', {}],
  ['no cluster is asked', { cluster: undefined, lookups: [] }],
  ['it is not ready', { unready: ['the server is ending'] }, 'the server is ending'],
  [
    'nothing is registered',
    { cluster: cluster([configuration('mutating', [], missing), configuration('validating', [], missing)]) },
    'nothing is registered: nobody is asked',
  ],
  [
    'nothing is registered, and no rule is in force that would be missed',
    {
      cluster: cluster([
        configuration('mutating', [], { object: undefined }),
        configuration('validating', [], { object: undefined }),
      ]),
    },
  ],
  [
    'one configuration is missing, and the other differs',
    {
      cluster: cluster([
        configuration('mutating', [ca], { differences: ['a', 'b'] }),
        configuration('validating', [], missing),
      ]),
    },
    `${M}: a`,
    `${M}: b`,
    `${V}: it is not registered`,
  ],
  [
    'the cluster cannot be read any more, and was fine',
    { cluster: cluster([configuration('mutating'), configuration('validating')], 'no answer') },
    'what is registered cannot be read: no answer',
  ],
  ['the cluster has not been read yet', { cluster: cluster([]) }],
  [
    'one configuration does not trust what is served',
    { cluster: cluster([configuration('mutating', [next]), configuration('validating')]) },
    `${M}: API servers do not trust the certificate that is served with`,
  ],
  [
    'the CA asks for a person',
    {
      certificate: { mode: 'self', served: '', state: { ...STATE, problems: ['see to the Secret'] } },
      cluster: undefined,
    },
    'see to the Secret',
  ],
  [
    'the CA may not be put into one configuration, and is for others to put into the other one',
    {
      certificate: kept([
        { configuration: M, trusts: [], lacks: [], problem: 'forbidden (403)' },
        { configuration: V, trusts: [], lacks: ['ab'], advice: 'put it in yourself' },
      ]),
    },
    `${M}: the CA cannot be kept in it: forbidden (403)`,
    `${V}: it lacks a CA: put it in yourself`,
  ],
  [
    'the cluster cannot be read, which both find out',
    {
      certificate: kept([{ configuration: M, trusts: [], lacks: [], problem: 'no answer' }]),
      cluster: cluster([], 'no answer'),
    },
    'what is registered cannot be read: no answer',
  ],
  [
    'a certificate that should have had a successor long ago',
    certificate({ notAfter: inDays(9), renewAt: inDays(-10) }),
    'the serving certificate ends at 2026-11-30T12:00:00.000Z, and has no successor yet',
  ],
  ['one whose renewal is due, and may be under way', certificate({ notAfter: inDays(9), renewAt: inDays(-1) })],
  [
    'one that nobody here renews, on its last day',
    certificate({ notAfter: inDays(0.9) }),
    'the serving certificate ends at 2026-11-22T09:36:00.000Z, and has no successor yet',
  ],
  ['the same with more than a day to go', certificate({ notAfter: inDays(1.1) })],
] as const) {
  test(`${problems.length === 0 ? 'nothing is wrong' : 'it is said what is wrong'}: ${sentence}`, () => {
    assert.deepEqual(problemsOf(more), problems);
  });
}

test('of very many differences the first are told, and how many there are', () => {
  const differences = Array.from({ length: 45 }, (_, i) => `difference ${i}`);
  const told = problemsOf({ cluster: cluster([configuration('mutating', [ca], { differences })]) });
  assert.equal(told.length, 21);
  assert.deepEqual(told.slice(-2), [`${M}: difference 19`, `${M}: 25 more differences`]);
});

test('a rotation under way is shown, and nothing is wrong with it: who does not trust the next CA yet', () => {
  const [signing] = STATE.authorities;
  assert.ok(signing);
  const authorities = [
    signing,
    { ...signing, sha256: 'n'.repeat(64), role: 'next' as const },
    { ...signing, sha256: 'o'.repeat(64), role: 'old' as const, until: inDays(3) },
  ];
  const status = statusOf(facts({ certificate: { mode: 'self', served: '', state: { ...STATE, authorities } } }));
  assert.deepEqual(
    status.authorities.map(({ role, trustedUntil }) => [role, trustedUntil]),
    [
      ['signing', undefined],
      ['next', undefined],
      ['old', '2026-11-24T12:00:00.000Z'],
    ],
  );
  assert.deepEqual(status.registration.configurations[0]?.lacks, ['n'.repeat(64), 'o'.repeat(64)]);
});

test('the status is JSON as it stands: what is not known is absent, and nothing else is lost', () => {
  const status = statusOf(facts({ certificate: undefined, cluster: undefined }));
  assert.deepEqual(JSON.parse(JSON.stringify(status)), status);
  assert.equal('certificate' in status || 'apiServer' in status, false);
  assert.deepEqual(JSON.parse(JSON.stringify(statusOf(facts()))), statusOf(facts()));
});

function kept(configurations: typeof STATE.configurations) {
  return { mode: 'self' as const, served: facts().certificate?.served ?? '', state: { ...STATE, configurations } };
}

function certificate(times: { notAfter: Date; renewAt?: Date }) {
  const { renewAt: _, ...leaf } = STATE.leaf;
  return {
    cluster: undefined,
    certificate: { mode: 'files' as const, served: '', state: { ...STATE, leaf: { ...leaf, ...times } } },
  };
}
