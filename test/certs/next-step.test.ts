import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { type Authorities, authorities, type Signer, signer } from '../../certs/authorities.ts';
import { nextStep, rotationProblem, type Sight, type Step } from '../../certs/next-step.ts';
import { begun, promoted } from '../../certs/rotation.ts';
import { lastLeafEnds, SELF_TIMES } from '../../certs/self-times.ts';
import { newAuthority } from './fast-issuer.ts';
import { made } from './made.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const start = Date.UTC(2026, 10, 21);
const [first, second, third] = [ca(), ca(), ca()];
const byHand = signerOf(
  made({ isAuthority: true, commonName: 'by hand', from: new Date(start), until: new Date(start + 365 * DAY) }),
);
const fresh = holding(first);

test('nothing is due of a CA in the first two thirds of its life; then the next one is made', async () => {
  const due = start + (365 * DAY * 2) / 3;
  assert.equal(await step(fresh, { at: due - 1 }), undefined);
  const { state, does, cas } = await expected(fresh, { at: due });
  assert.equal(does, 'the CA is past two thirds of its life: making the next one');
  assert.deepEqual([state.signing, [...state.trusted.keys()]], [first, [first.sha256, state.next?.sha256]]);
  assert.deepEqual(cas, [state.next?.certificate.subject]);
});

test('the next CA signs only once it is settled in every configuration; the one that did is trusted on', async () => {
  const waiting = begun(fresh, second);
  assert.equal(await step(waiting, { at: start + 300 * DAY }), undefined);
  const { state } = await expected(waiting, { at: start + 300 * DAY, settled: second });
  assert.deepEqual([state.signing.sha256, state.next], [second.sha256, undefined]);
  assert.deepEqual([...state.trusted.keys()], [second.sha256, first.sha256]);
  assert.deepEqual(state.old, new Map([[first.sha256, new Date(start + 330 * DAY + 2 * HOUR)]]));
});

for (const [sentence, times, life, until] of [
  ['for a certificate’s life, and two hours for clocks that differ', {}, 365 * DAY, 30 * DAY + 2 * HOUR],
  ['until it ends, where that is sooner, and two hours', {}, 10 * DAY, 10 * DAY + 2 * HOUR],
  ['for half a certificate’s life more at the most', { leafMs: HOUR }, 365 * DAY, 1.5 * HOUR],
] as const) {
  test(`a CA that signs no more is trusted ${sentence}`, () => {
    const ends = lastLeafEnds({ validToDate: new Date(start + life) }, new Date(start), { ...SELF_TIMES, ...times });
    assert.equal(ends.getTime() - start, until);
  });
}

test('an old CA is dropped when its last certificate has ended, and not while this replica still serves with it', async () => {
  const state = promoted(begun(fresh, second), second, at(start));
  const over = start + 30 * DAY + 2 * HOUR;
  assert.equal(await step(state, { at: over - 1 }), undefined);
  assert.equal(await step(state, { at: over, mine: first }), undefined);
  const { state: after, cas } = await expected(state, { at: over });
  assert.deepEqual([[...after.trusted.keys()], after.old.size, after.gone], [[second.sha256], 0, [first.sha256]]);
  assert.deepEqual(cas, [first.certificate.subject]);
});

test('while five old CAs are trusted no rotation begins, and when the first goes is said; an ended CA is replaced all the same', async () => {
  const many = rotated(5);
  const at = start + 300 * DAY;
  assert.equal(await step(many, { at }), undefined);
  assert.match(rotationProblem(many) ?? '', /^5 old CAs .* dropped after 2027-11-21T00:00:00.000Z$/);
  assert.equal(rotationProblem(rotated(4)), undefined);
  const { does } = await expected(many, { at: start + 365 * DAY });
  assert.match(does, /^the CA has ended/);
});

for (const [sentence, state, by] of [
  ['with the next one, where there is one', begun(fresh, ca(start + 200 * DAY)), 'next'],
  ['with a new one, where the next one has ended too', begun(fresh, second), 'new'],
  ['with a new one, where there is no other', fresh, 'new'],
] as const) {
  test(`a CA is replaced ${sentence}, three hours before it ends, whatever the configurations trust`, async () => {
    const end = start + 365 * DAY;
    const early = await step(state, { at: end - 3 * HOUR - 1000 });
    assert.ok(!early?.does.startsWith('the CA has ended'));
    const { state: after } = await expected(state, { at: end - 3 * HOUR });
    assert.equal(after.signing.sha256 === state.next?.sha256, by === 'next');
    assert.deepEqual(after.old.get(first.sha256), new Date(end + 2 * HOUR));
  });
}

test('a CA that lives for hours is not at its end for most of them', async () => {
  const short = signerOf(newAuthority({ now: new Date(start), days: 1 / 24 }));
  const times = { ...SELF_TIMES, caMs: HOUR, leafMs: HOUR / 6 };
  const dueAt = async (minutes: number) =>
    (await nextStep(holding(short), sight({ mine: short }), { now: new Date(start + minutes * 60_000), times }, newCa))
      ?.does;
  assert.equal(await dueAt(39), undefined);
  assert.match((await dueAt(41)) ?? '', /two thirds/);
  assert.match((await dueAt(54)) ?? '', /ended/);
});

for (const [sentence, found] of [
  ['in a configuration, called as ours are', { inConfigurations: [third] }],
  ['that this replica serves with', { mine: third }],
  ['that this replica serves with, and a person has made', { mine: byHand }],
] as const) {
  test(`a CA ${sentence}, of which the Secret says nothing, is trusted for a certificate’s life`, async () => {
    const { state, does } = await expected(fresh, found);
    const [sha256 = ''] = [...(found.inConfigurations ?? [found.mine])].map((one) => one?.sha256);
    assert.equal(does, 'a replica may serve with a CA that the Secret lacks: trusting it');
    assert.deepEqual([...state.trusted.keys()], [first.sha256, sha256]);
    assert.deepEqual(state.old, new Map([[sha256, new Date(start + 30 * DAY + 2 * HOUR)]]));
  });
}

test('one of ours that stands in ca.crt without a role is given an end; one that a person has put there stays', async () => {
  const state = authorities({ signing: first }, [third.certificate, byHand.certificate], { old: new Map(), gone: [] });
  const { state: after } = await expected(state, {});
  assert.deepEqual([...after.old.keys()], [third.sha256]);
  assert.equal(await step(after, { at: start + 20 * DAY }), undefined);
  const { state: later } = await expected(after, { at: start + 31 * DAY });
  assert.deepEqual([...later.trusted.keys()], [first.sha256, byHand.sha256]);
});

for (const [sentence, one] of [
  ['of a stranger', byHand],
  ['of mode dev', signerOf(made({ isAuthority: true, commonName: 'Portcullis development CA 0123456789abcdef' }))],
  [
    'that is called almost as ours',
    signerOf(made({ isAuthority: true, commonName: 'Portcullis CA 0123456789abcdeg' })),
  ],
  ['that is no CA', signerOf(made({ commonName: 'Portcullis CA 0123456789abcdef' }))],
] as const) {
  test(`a certificate in a configuration ${sentence} is not taken up`, async () => {
    assert.equal(await step(fresh, { inConfigurations: [one] }), undefined);
  });
}

test('a CA that is gone is not taken up from a configuration again, but while this replica serves with it', async () => {
  const state: Authorities = { ...fresh, gone: [third.sha256, second.sha256] };
  assert.equal(await step(state, { inConfigurations: [third] }), undefined);
  const { state: after } = await expected(state, { mine: third });
  assert.deepEqual([[...after.old.keys()], after.gone], [[third.sha256], [second.sha256]]);
});

test('what may be in use is trusted before anything else is done', async () => {
  const state = begun(fresh, second);
  const { does } = await expected(state, { inConfigurations: [third], settled: second });
  assert.match(does, /^a replica may serve/);
});

interface Found {
  readonly at?: number;
  readonly mine?: Signer;
  readonly inConfigurations?: readonly Signer[];
  readonly settled?: Signer;
}

function step(
  state: Authorities,
  { at: time = start, mine = state.signing, ...found }: Found,
): Promise<Step | undefined> {
  return nextStep(state, sight({ mine, ...found }), at(time), newCa);
}

async function expected(state: Authorities, found: Found): Promise<Step> {
  return (await step(state, found)) ?? assert.fail('nothing is due');
}

function sight({ mine = first, inConfigurations = [], settled }: Found): Sight {
  return {
    mine: mine.certificate,
    inConfigurations: inConfigurations.map(({ certificate }) => certificate),
    isSettled: (sha256) => sha256 === settled?.sha256,
  };
}

function at(time: number) {
  return { now: new Date(time), times: SELF_TIMES };
}

/** After so many rotations, the first at the turn of the year after `start`. */
function rotated(count: number): Authorities {
  const others = Array.from({ length: count }, () => ca());
  const old = new Map(others.map(({ sha256 }, i) => [sha256, new Date(start + (365 + i) * DAY)] as const));
  return authorities(
    { signing: first },
    others.map(({ certificate }) => certificate),
    { old, gone: [] },
  );
}

function holding(signing: Signer): Authorities {
  return authorities({ signing }, [], { old: new Map(), gone: [] });
}

async function newCa(): Promise<Signer> {
  return ca(start + 200 * DAY);
}

function ca(now = start): Signer {
  return signerOf(newAuthority({ now: new Date(now), days: 365 }));
}

function signerOf({ cert, key }: { readonly cert: string; readonly key: string }): Signer {
  return signer(new X509Certificate(cert), key);
}
