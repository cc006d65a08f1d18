import assert from 'node:assert/strict';
import { test } from 'node:test';
import { megabytesForLarge } from '../../cli/isolation.ts';
import { asking, isolated } from './isolated.ts';

const MIB = 2 ** 20;
/** So many short members are 23 bytes each. */
const members = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`example.com/${i.toString(36).padStart(5, '0')}`, 'v']));
const edited = { phase: 'mutating', seconds: 30 } as const;

test('what a pod of the manifests has is enough for the longest texts that a body may be, for a rule that looks and for rules that edit', async (t) => {
  const workers = await isolated(t, { ruleMs: 6000, largeMegabytes: megabytesForLarge(512 * MIB, 2 ** 40) });
  const asked = asking({ text: 'x'.repeat(31 * MIB) });
  const seen = await workers.review(asked, { seconds: 30 });
  assert.equal(seen.allowed, true, seen.message);
  const { patch, message } = await workers.review(asked, edited);
  assert.equal(patch?.length, 2, message);
  assert.deepEqual(workers.log, []);
});

test('hundreds of thousands of members that two rules edit fit where a review is not yet large, and where it is', async (t) => {
  const workers = await isolated(t, { ruleMs: 6000, largeMegabytes: megabytesForLarge(1024 * MIB, 2 ** 40) });
  for (const count of [85_000, 120_000]) {
    const { patch, message } = await workers.review(asking(members(count)), edited);
    assert.equal(patch?.length, 2, message);
  }
  assert.deepEqual(workers.log, []);
});

test('a large review that needs more memory than there is for it is refused and says so: no rule is to blame, and the others go on', async (t) => {
  const workers = await isolated(t, { ruleMs: 6000, largeMegabytes: 160 });
  const large = workers.review(asking(members(300_000)), edited);
  const others = await Promise.all(Array.from({ length: 20 }, () => workers.review()));
  assert.ok(others.every(({ allowed }) => allowed === true));
  const { status, message = '' } = await large;
  assert.equal(status, 500);
  assert.match(
    message,
    /^the review of 6\.\d MiB and its rules need more memory than there is for it: it (took more than 160 MiB of memory|ran out of memory, or aborted \(SIG\w+\))$/,
  );
  assert.deepEqual(
    workers.log.map(([, rule]) => rule),
    [undefined],
  );
});

test('a rule that does not end with a large review is found, and costs the others nothing', async (t) => {
  const workers = await isolated(t, { size: 1, most: 1, ruleMs: 100 });
  const guilty = workers.review(asking({ fault: 'loop', text: 'x'.repeat(3 * MIB) }), { seconds: 30 });
  const { allowed } = await workers.review();
  assert.equal(allowed, true);
  assert.equal((await guilty).message, 'rule faulty failed: it did not end within 0.4 s');
});

for (const [limit, memory, expected] of [
  ['512Mi', 24 * 1024, 288],
  ['1Gi', 24 * 1024, 800],
  ['16Gi', 24 * 1024, 1536],
  ['256Mi', 24 * 1024, 288],
  ['none', 1024, 800],
] as const) {
  test(`with a limit of ${limit}, on a machine of ${memory} MiB, a large review may take ${expected} MiB`, () => {
    const [, number = '0', unit] = /^(\d+)(Mi|Gi)$/.exec(limit) ?? [];
    const bytes = Number(number) * (unit === 'Gi' ? 1024 : 1) * MIB;
    assert.equal(megabytesForLarge(bytes, memory * MIB), expected);
  });
}
