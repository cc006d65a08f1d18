import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:tls';
import { builtIn, endlessPod } from '../serving/reviews.ts';
import { type Answer, connected, type Peer, requestOf } from './connection.ts';

/** What a client may do besides asking for reviews; gives what was wrong with the answer, if anything was. */
type Oddity = (peer: Peer) => Promise<string | undefined>;

/** Something that is done again and again. */
export interface Repeated {
  /** How often it was done. */
  readonly times: () => number;
  /** What was wrong with the answers, and how often. */
  readonly faults: { readonly [fault: string]: number };
  /** Resolves once what is under way has ended. */
  stop(): Promise<void>;
}

/** Does them in turn, one at a time, with this pause between two. */
export function repeat(peer: Peer, oddities: readonly Oddity[], pauseMs: number): Repeated {
  const faults: { [fault: string]: number } = {};
  const stopping = new AbortController();
  let times = 0;
  const all = (async () => {
    while (!stopping.signal.aborted) {
      const oddity = oddities[times++ % oddities.length] as Oddity;
      const problem = await oddity(peer).catch((error: Error) => error.message);
      if (problem !== undefined) faults[problem] = (faults[problem] ?? 0) + 1;
      await pause(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  })();
  return {
    times: () => times,
    faults,
    stop() {
      stopping.abort();
      return all;
    },
  };
}

/** Whoever connects and leaves, at every stage; whoever is slow; and what is no review. */
export const oddClients: readonly Oddity[] = [
  async ({ host, port }) => {
    const socket = connectPlain(port, host);
    await once(socket, 'connect');
    socket.destroy();
    return undefined;
  },
  async (peer) => {
    (await connected(peer)).close();
    return undefined;
  },
  async (peer) => {
    const socket = connect({ ...peer } as never);
    await once(socket, 'secureConnect');
    const whole = requestOf(peer, SMALL.path, SMALL.body);
    await new Promise((resolve) => socket.write(whole.subarray(0, whole.length / 2), resolve));
    socket.destroy();
    return undefined;
  },
  async (peer) => expected(await askedSlowly(peer), 200, 'a slow client', /"allowed":true/),
  async (peer) => expected(await asked(peer, SMALL.path, '{"kind":'), 400, 'half a JSON', /"kind":"Status"/),
  async (peer) => expected(await asked(peer, '/validate/nothing', '{}'), 404, 'no webhook', /"kind":"Status"/),
];

/** The review that ends workers: the rule without an end is found out, and its failure is the answer. */
export const endlessReview: Oddity = async (peer) =>
  expected(await asked(peer, ENDLESS_PATH, endlessPod.body), 500, 'an endless rule', /rule endless failed/);

/** Three tries, and the start of a process, on a machine that is busy. */
const ENDLESS_PATH = endlessPod.path.replace('timeout=5s', 'timeout=30s');
const SMALL = builtIn[2] as (typeof builtIn)[number];
const PIECES = 10;
const PIECE_MS = 100;

async function asked(peer: Peer, path: string, body: string | Buffer): Promise<Answer> {
  const connection = await connected(peer);
  try {
    return await connection.ask(requestOf(peer, path, Buffer.from(body)));
  } finally {
    connection.close();
  }
}

async function askedSlowly(peer: Peer): Promise<Answer> {
  const connection = await connected(peer);
  const whole = requestOf(peer, SMALL.path, SMALL.body);
  const piece = Math.ceil(whole.length / PIECES);
  try {
    const answer = connection.ask(whole.subarray(0, piece));
    // It is awaited below; until then, whoever ends the connection is told there.
    answer.catch(() => {});
    for (let at = piece; at < whole.length; at += piece) {
      await pause(PIECE_MS);
      connection.send(whole.subarray(at, at + piece));
    }
    return await answer;
  } finally {
    connection.close();
  }
}

function expected({ code, body }: Answer, wanted: number, what: string, text: RegExp): string | undefined {
  return code === wanted && text.test(body.toString()) ? undefined : `${what}: ${code} ${body}`;
}
