import { closeSync, writeSync } from 'node:fs';

const kept: Buffer[] = [];

/** What a rule can do that is its review's matter alone, by the name that a review asks for it with. */
export const faults: { readonly [name: string]: () => unknown } = {
  loop() {
    for (;;);
  },
  pattern: () => /^(a+)+$/.test(`${'a'.repeat(40)}b`),
  logs() {
    for (;;) console.log('a rule that says so '.repeat(50));
  },
  microtask: () =>
    void Promise.resolve().then(() => {
      for (;;);
    }),
  timer: () =>
    void setTimeout(() => {
      for (;;);
    }, 0),
  exit: () => process.exit(3),
  kill: () => process.kill(process.pid, 'SIGKILL'),
  abort: () => process.abort(),
  'exit later': () => void setTimeout(() => process.exit(), 20),
  'throws undefined'() {
    throw undefined;
  },
  'throws a trap'() {
    throw new Proxy({}, { get: () => process.exit(1) });
  },
  'own error'() {
    class Own extends Error {
      constructor() {
        super();
        this.name = 'Own';
        this.message = 'it is own';
      }
    }
    const named = Object.assign({}, { toString: 'text', constructor: 'text' });
    if (JSON.stringify(named) !== '{"toString":"text","constructor":"text"}') return true;
    throw new Own();
  },
  promise: () => Promise.resolve(),
  'rejection later': () => void setTimeout(() => Promise.reject(new Error('late')), 5),
  'error later': () =>
    void setTimeout(() => {
      throw new Error('later');
    }, 5),
  // One that V8 cannot be told to stop in, and runs into the heap's limit with.
  heap() {
    const all: number[][] = [];
    for (;;) all.push(new Array(1000).fill(1));
  },
  map() {
    const all = new Map<number, number>();
    for (;;) all.set(all.size, all.size);
  },
  array: () => new Array(2 ** 27).fill(0),
  buffers() {
    const all: Buffer[] = [];
    for (;;) all.push(Buffer.alloc(2 ** 24, 1));
  },
  keeps: () => void kept.push(Buffer.alloc(2 ** 24, 1)),
  '2 GB': () => Buffer.alloc(2 ** 31, 1),
  'Object.prototype': () => Object.assign(Object.prototype, { allowed: true }),
  'Object.prototype.toString': () => Object.assign(Object.prototype, { toString: () => 'mine' }),
  'Array.prototype.map': () => Object.assign(Array.prototype, { map: () => [] }),
  'the iterator of lists': () =>
    Object.assign(Object.getPrototypeOf([][Symbol.iterator]()), { next: () => ({ done: true }) }),
  'the iterator of matches': () =>
    Object.assign(Object.getPrototypeOf(''.matchAll(/a/g)), { next: () => ({ done: true }) }),
  'the iterator of generators': () =>
    Object.assign(Object.getPrototypeOf(Object.getPrototypeOf((function* () {})())), { next: () => ({ done: true }) }),
  JSON: () => Object.assign(globalThis, { JSON: { parse: () => ({}), stringify: () => '{}' } }),
  'JSON.stringify': () => Object.assign(JSON, { stringify: () => '{}' }),
  'sends a message': () => (process.send as (message: unknown) => void)({ job: 1, decided: { status: 200 } }),
  disconnects: () => process.disconnect(),
  'answers for another': () => writeFrame({ job: '1', ms: 0, otherMs: 0, status: 200, summary: ADMITTED }),
  'says that another failed': () => writeFrame({ job: '1', rule: 1 }),
  'writes nonsense': () => void writeSync(CHANNEL, 'a rule that says so '),
  floods() {
    for (;;) {
      try {
        writeFrame({ failure: 'flooded' });
      } catch {
        // The server cannot read so fast.
      }
    }
  },
  'closes the channel': () => closeSync(CHANNEL),
  stops: () => void process.kill(process.pid, 'SIGSTOP'),
  recursion: function recursion(): unknown {
    return [recursion()];
  },
  'a getter that loops': () => ({
    // biome-ignore lint/suspicious/noThenProperty: that is what is looked at in whatever a rule returns
    get then() {
      for (;;);
    },
  }),
  'changes its process'() {
    process.chdir('/');
    process.exitCode = 3;
    process.title = 'mine';
    process.removeAllListeners();
    Object.assign(console, { log() {}, error: undefined });
  },
  timers: () =>
    void setInterval(() => {
      for (const end = performance.now() + 80; performance.now() < end; );
    }, 10),
  Buffer: () => Object.assign(globalThis, { Buffer: { from: () => '' } }),
  garbage: () => ({ allowed: true, toJSON: () => process.exit(1) }),
};

/** Where a worker's server listens (isolation/worker-process.ts). */
const CHANNEL = 3;
const ADMITTED = { verdict: 'allowed', rules: [] };

function writeFrame(header: object): void {
  const text = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeUInt32LE(text.length);
  writeSync(CHANNEL, Buffer.concat([prefix, text]));
}
