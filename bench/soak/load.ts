import { type Answer, type Connection, connected, type Peer, requestOf } from './connection.ts';
import { createJudge, type Mixed, mix } from './mix.ts';

/** What is sent, how often and over how much. */
export interface LoadOptions {
  /** At this rate, whatever comes back; undefined for each connection's next as soon as it has its answer. */
  readonly perSecond?: number | undefined;
  readonly connections: number;
  /** How many may wait here for a connection; who comes then is held back. */
  readonly mostWaiting: number;
}

/** What came of it since the last time that it was asked for. */
export interface Tally {
  /** How long that is ago, in ms. */
  readonly ms: number;
  readonly sent: number;
  /** Those that were due while no connection was free, and as many waited as may. */
  readonly heldBack: number;
  /** Answered 429, as they should be. */
  readonly refused: number;
  /** Answers that came after the review's time, which nobody hears, or that say that it is over. */
  readonly late: number;
  /** Anything that is no proper answer, by what it is. */
  readonly faults: { readonly [fault: string]: number };
  /** Of those that were decided, in ms, from when they were due: what waits for a connection counts. */
  readonly latencies: readonly number[];
}

/** A load under way. */
export interface Load {
  tally(): Tally;
  /** Sends no more; resolves once all that was sent has come to something, and every connection is closed. */
  stop(): Promise<void>;
}

/** What webhook/limits.ts gives a busy connection, an API server its webhook at the most. */
const MOST_MS = 30_000;
/** Reviews are due in bunches of a millisecond, which is what timers can do. */
const TICK_MS = 1;
const AT_ONCE = 50;

/** Sends the mix to a server. Connections that the server ends while they are idle are replaced, and no fault. */
export function startLoad(peer: Peer, { perSecond, connections, mostWaiting }: LoadOptions): Load {
  const judge = createJudge();
  const requests = mix.map((review) => ({ review, bytes: requestOf(peer, review.path, review.body) }));
  const free: Connection[] = [];
  const waiting: number[] = [];
  const over = Promise.withResolvers<void>();
  let counts = none();
  let turn = 0;
  let open = 0;
  let opening = 0;
  let isOver = false;
  const started = performance.now();
  let since = started;
  let due = 0;
  const ticking = setInterval(tick, TICK_MS);
  tick();
  return {
    tally() {
      const now = performance.now();
      const told = { ...counts, ms: now - since };
      since = now;
      counts = none();
      return told;
    },
    async stop() {
      isOver = true;
      clearInterval(ticking);
      for (const connection of free.splice(0)) connection.close();
      ended();
      const late = setTimeout(() => over.resolve(), MOST_MS);
      await over.promise;
      clearTimeout(late);
      if (open > 0) fault('no answer at all', open);
    },
  };

  function tick(): void {
    while (!isOver && open + opening < connections && opening < AT_ONCE) void another();
    if (perSecond === undefined) return;
    const now = performance.now();
    for (const end = Math.floor(((now - started) / 1000) * perSecond); due < end; due++) arrived(now);
  }

  function arrived(at: number): void {
    const connection = free.shift();
    if (connection !== undefined) void asked(connection, at);
    else if (waiting.length < mostWaiting) waiting.push(at);
    else counts.heldBack += 1;
  }

  async function another(): Promise<void> {
    opening += 1;
    try {
      const connection = await connected(peer, () => {
        open -= 1;
        if (free.includes(connection)) free.splice(free.indexOf(connection), 1);
        ended();
      });
      open += 1;
      idle(connection);
    } catch (error) {
      fault(`no connection: ${(error as Error).message}`);
    } finally {
      opening -= 1;
      ended();
    }
  }

  function idle(connection: Connection): void {
    if (isOver) {
      connection.close();
      return;
    }
    if (!connection.isOpen()) return;
    const at = perSecond === undefined ? performance.now() : waiting.shift();
    if (at === undefined) free.push(connection);
    else void asked(connection, at);
  }

  async function asked(connection: Connection, at: number): Promise<void> {
    const { review, bytes } = requests[turn++ % requests.length] as (typeof requests)[number];
    counts.sent += 1;
    const sent = performance.now();
    try {
      const answer = await connection.ask(bytes);
      answered(review, answer, { at, sent });
    } catch (error) {
      fault((error as Error).message);
    }
    idle(connection);
  }

  function answered(review: Mixed, answer: Answer, { at, sent }: { at: number; sent: number }): void {
    const now = performance.now();
    const saysSo = answer.code === 500 && SAYS_SO.test(answer.body.toString());
    const problem = saysSo ? undefined : answer.code === 429 ? refusalProblem(answer) : verdictProblem(review, answer);
    if (problem !== undefined) fault(problem);
    else if (saysSo || now - sent > MS_OF_A_REVIEW) counts.late += 1;
    else if (answer.code === 429) counts.refused += 1;
    else counts.latencies.push(now - at);
  }

  function verdictProblem(review: Mixed, { code, body }: Answer): string | undefined {
    return code === 200 ? judge(review, body) : `${review.what}: ${code} ${body}`;
  }

  function fault(what: string, times = 1): void {
    counts.faults[what] = (counts.faults[what] ?? 0) + times;
  }

  function ended(): void {
    if (isOver && open + opening === 0) over.resolve();
  }
}

/** What isolation/failed.ts, and whoever ends a worker, say of it, but for 429. */
const SAYS_SO = /the time of this review/;
/** All of the mix are sent with `?timeout=5s`. */
const MS_OF_A_REVIEW = 5000;

/** What an API server asks again after (protocol.md §1.2). */
function refusalProblem({ head, body }: Answer): string | undefined {
  if (!/^retry-after: 1\r?$/im.test(head)) return '429 without Retry-After: 1';
  try {
    const { apiVersion, kind, code } = JSON.parse(body.toString());
    return apiVersion === 'v1' && kind === 'Status' && code === 429 ? undefined : '429 without its Status';
  } catch {
    return '429 without its Status';
  }
}

function none() {
  return {
    sent: 0,
    heldBack: 0,
    refused: 0,
    late: 0,
    faults: {} as { [fault: string]: number },
    latencies: [] as number[],
  };
}
