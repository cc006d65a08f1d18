import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { alternating } from '../../bench/serving/alternating.ts';
import { QUICK } from '../../bench/serving/pace.ts';
import type { Measured } from '../../bench/serving/reviews.ts';
import type { Contender } from '../../bench/serving/servers.ts';
import { allowing, type PeerAnswer, peerServer } from './peer-server.ts';

const PACE = { ...QUICK, rounds: 3, roundMs: 1 };
const plain: Measured = { what: 'a Pod', path: '/plain', body: Buffer.from('{}'), isPatched: false };
const patched: Measured = { what: 'a Pod that asks', path: '/patched', body: Buffer.from('{"a":1}'), isPatched: true };

describe('no figure is given for wrong answers of our own server', () => {
  const cases: [sentence: string, review: Measured, answer: PeerAnswer, told: RegExp][] = [
    ['an error', plain, { status: 500, body: '{"message":"no"}' }, /a Pod: \/plain answered 500: {"message":"no"}/],
    ['a denial', plain, { body: '{"response":{"allowed":false}}' }, /a Pod: \/plain answered 200: .*false/],
    ['no patch where there should be one', patched, allowing(), /a Pod that asks: \/patched answered 200/],
    ['a patch where there should be none', plain, allowing('W10='), /a Pod: \/plain answered 200/],
  ];
  for (const [sentence, review, answer, told] of cases) {
    test(sentence, async (t) => {
      const { port } = await peerServer(t, () => answer);
      const ours = contender(port, { name: 'portcullis', isPortcullis: true });
      await assert.rejects(alternating({ what: 'it', reviews: [review] }, [ours], PACE), { message: told });
    });
  }

  test('an error under load, though all was well before', async (t) => {
    let answers = 0;
    const { port } = await peerServer(t, () => (++answers === 1 ? allowing() : { status: 429, body: '{}' }));
    const ours = contender(port, { name: 'portcullis', isPortcullis: true });
    await assert.rejects(
      alternating({ what: 'it', reviews: [plain] }, [ours], PACE),
      /portcullis: \/plain: \d+ of \d+ answers were 429/,
    );
  });
});

test('of others it is told what they answered, and the rest is measured', async (t) => {
  const good = await peerServer(t, () => allowing());
  const bad = await peerServer(t, () => ({ status: 413, body: '{}' }));
  const lines = await alternating(
    { what: 'it', reviews: [plain] },
    [contender(good.port, { name: 'bare' }), contender(bad.port, { name: 'peer' })],
    PACE,
  );
  assert.deepEqual(
    lines.map(({ by, figures, ofBare }) => [by, figures === undefined, ofBare]),
    [
      ['bare', false, 1],
      ['peer', true, undefined],
    ],
  );
  assert.match(lines[1]?.fault ?? '', /^(\d+) of \1 answers were 413$/);
});

test('several reviews are sent in turn, and counted one by one', async (t) => {
  const asked: string[] = [];
  const { port } = await peerServer(t, ({ path }) => {
    asked.push(path);
    return path === '/patched' ? allowing('W10=') : allowing();
  });
  const ours = contender(port, { name: 'portcullis', isPortcullis: true });
  const [line] = await alternating({ what: 'both', reviews: [plain, patched] }, [ours], PACE);
  assert.deepEqual([line?.reviews, line?.bytes], [2, plain.body.length + patched.body.length]);
  const times = (path: string) => asked.filter((one) => one === path).length;
  assert.equal(times('/plain'), times('/patched'));
});

function contender(port: number, { name, isPortcullis = false }: { name: string; isPortcullis?: boolean }): Contender {
  const target = ({ path, body }: Measured) => ({ host: '127.0.0.1', port, path, body });
  return { name, isPortcullis, target, cpuMs: () => undefined };
}
