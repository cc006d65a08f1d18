import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import { test } from 'node:test';
import { gitRepoProblem } from '../../rules/website/git-repo.ts';
import { pick, randomFrom, seedOf } from './random.ts';

// Node's own list of networks tells what an address is, before it is disguised.
const always = blockList('0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4');
const metadata = blockList('100.100.100.200/32', '168.63.129.16/32', '192.0.0.192/32');
const inside = blockList('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10');
const special = blockList('192.0.0.0/24', '198.18.0.0/15');

const STARTS = [0, 10, 100, 127, 169, 172, 192, 198, 8, 140, 203, 224, 255];
const SECONDS = [0, 16, 18, 31, 32, 63, 64, 127, 128, 168, 254];

test('an IPv4 address is what it is in whatever writing, and within whatever IPv6 address', (t) => {
  const seed = seedOf(t);
  const random = randomFrom(seed);
  for (let round = 0; round < 20_000; round += 1) {
    const byte = () => Math.floor(random() * 256);
    const bytes = [pick(random, STARTS), random() < 0.7 ? pick(random, SECONDS) : byte(), byte(), byte()];
    const plain = bytes.join('.');
    const host = pick(random, [inetAton, wrapped])(bytes, random);
    const repo = `https://${host}/r`;
    const isRefused = always.check(plain) || metadata.check(plain);
    const isPrivate = inside.check(plain) || special.check(plain);
    const among = `SEED=${seed}: ${plain} as ${host}`;
    const open = gitRepoProblem(repo, { allowedHosts: [], privateHosts: 'allow' });
    const shut = gitRepoProblem(repo, { allowedHosts: [], privateHosts: 'refuse' });
    if (isRefused) {
      assert.match(open ?? 'accepted', /^must not be on /, among);
      assert.match(shut ?? 'accepted', /^must not be on /, among);
      continue;
    }
    // In another writing than the usual, it is refused as such.
    const usual =
      host === plain || host.startsWith('[') ? undefined : `must have its host's address in the usual form: ${plain}`;
    assert.equal(open, usual, among);
    if (isPrivate) assert.match(shut ?? 'accepted', /^must be on a public host/, among);
    else assert.equal(shut, usual, among);
  }
});

/** One to four numbers, each decimal, octal or hexadecimal; the last one takes what is left of the 32 bits. */
function inetAton(bytes: readonly number[], random: () => number): string {
  const count = Math.floor(random() * 4);
  const last = bytes.slice(count).reduce((number, byte) => number * 256 + byte, 0);
  const numbers = [...bytes.slice(0, count), last];
  return numbers.map((number) => pick(random, WRITINGS)(number)).join('.');
}

const WRITINGS: readonly ((number: number) => string)[] = [
  String,
  (number) => `0x${number.toString(16)}`,
  (number) => `0X000${number.toString(16).toUpperCase()}`,
  (number) => `0${number.toString(8)}`,
  (number) => `000${number.toString(8)}`,
];

function wrapped(bytes: readonly number[], random: () => number): string {
  const hex = (a = 0, b = 0) => (a * 256 + b).toString(16);
  const groups = `${hex(bytes[0], bytes[1])}:${hex(bytes[2], bytes[3])}`;
  const tail = random() < 0.5 ? groups : bytes.join('.');
  // What is compatible to 0.0.0.1 is ::1 itself, so that prefix waits for a first byte.
  const prefixes = [
    '::ffff:',
    '0:0:0:0:0:FFFF:',
    '::ffff:0:',
    '64:ff9b::',
    '64:ff9b:1::',
    ...(bytes[0] === 0 ? [] : ['::']),
  ];
  return random() < 0.2 ? `[2002:${groups}::${hex(0, 1)}]` : `[${pick(random, prefixes)}${tail}]`;
}

function blockList(...cidrs: string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [net = '', prefix = ''] = cidr.split('/');
    list.addSubnet(net, Number(prefix), 'ipv4');
  }
  return list;
}
