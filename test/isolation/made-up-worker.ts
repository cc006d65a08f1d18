import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { hearFrames, type Stream, sendFrame } from '../../isolation/channel.ts';
import type { FromWorker, Job, ToWorker } from '../../isolation/messages.ts';
import { CHANNEL } from '../../isolation/worker-process.ts';
import type { Random } from '../patch/random.ts';

/** What a worker does with a review; RULE is at fault for what is wrong, and does none of it where it is held back. */
export type Plan =
  | 'answers'
  | 'takes long'
  | 'waits'
  | 'waits twice'
  | 'answers and ends'
  | 'answers and stays busy'
  | 'ends'
  | 'ends and hands its channel on'
  | 'runs out of memory'
  | 'loops'
  | 'forges'
  | 'says that it is unable'
  | 'waits and loops';

export const RULE = 'guilty';

/** Time as a test makes it pass, and chance as a seed repeats it. */
export interface World {
  readonly random: Random;
  later(ms: number, happens: () => void): void;
}

/** How a worker starts. */
export type Start = 'well' | 'unable' | 'ends' | 'never';

/** A worker that no process is behind. The webhook of a review's route is its plan and its number: `waits 7`. */
export function madeUpWorker({ random, later }: World, start: Start): ChildProcess & { readonly isAlive: boolean } {
  const here = new Line();
  const there = new Line();
  const waiting = new Map<string, () => void>();
  const child = Object.assign(new EventEmitter(), {
    pid: undefined,
    isAlive: true,
    stdio: Array.from({ length: CHANNEL + 1 }, (_, fd) => (fd === CHANNEL ? here : null)),
    kill: () => ends(null, 'SIGKILL'),
  });
  let busy = false;
  const unheard: (() => void)[] = [];
  carry(here, there);
  carry(there, here);
  hearFrames(there, {
    most: Number.POSITIVE_INFINITY,
    onFrame: ({ header }) => soon(() => hear(header as ToWorker)),
    onFault: () => {},
  });
  later(50 + random.below(600), () => {
    if (start === 'well') tell({ isReady: true });
    else if (start === 'unable') tell({ unable: 'it has another rule' });
    if (start === 'unable' || start === 'ends') ends(1, null);
  });
  return child as never;

  /** What a worker sends arrives before its end does. */
  function carry(from: Line, to: Line): void {
    const sent: Uint8Array[] = [];
    from.sends = (bytes) => {
      sent.push(bytes);
      later(random.below(3), () => to.emit('data', sent.shift()));
    };
  }

  function tell(message: FromWorker, bytes?: Buffer): void {
    if (child.isAlive) sendFrame(there, message, bytes);
  }

  function ends(code: number | null, signal: string | null, closes = true): boolean {
    if (!child.isAlive) return false;
    child.isAlive = false;
    later(4 + random.below(15), () => child.emit('exit', code, signal));
    if (closes) later(4 + random.below(15), () => here.destroy());
    return true;
  }

  function soon(does: () => void): void {
    if (!child.isAlive) return;
    if (busy) unheard.push(does);
    else does();
  }

  function keepBusy(ms: number): void {
    busy = true;
    later(ms, () => {
      busy = false;
      for (const does of unheard.splice(0)) soon(does);
    });
  }

  function hear(message: ToWorker): void {
    if ('isForgotten' in message) waiting.delete(message.job);
    else if ('route' in message) decide(message);
    else {
      const resumed = waiting.get(message.job);
      waiting.delete(message.job);
      resumed?.();
    }
  }

  function decide({ job, route, heldBack, isTraced }: Job): void {
    const [, planned = '', id = ''] = /^(.*) (\d+)$/.exec(route.webhook) ?? [];
    const plan = Object.hasOwn(heldBack, RULE) ? 'answers' : (planned as Plan);
    const begins = () => isTraced && plan === planned && tell({ job, rule: 0 });
    begins();
    const answers = () => {
      tell({ job, ...NO_TIME, status: 200, summary: { verdict: 'allowed', rules: [] } }, Buffer.from(id));
    };
    const waits = (resumed: () => void) => {
      waiting.set(job, () => {
        begins();
        resumed();
      });
      tell({ job, ...NO_TIME, wanted: [{ kind: 0, namespace: 'web', name: id }] });
    };
    const takes = (ms: number, does: () => void) => {
      later(ms, () => child.isAlive && does());
    };
    const does: { readonly [P in Plan]: () => void } = {
      answers: () => takes(random.below(4), answers),
      'takes long': () => takes(20 + random.below(150), answers),
      waits: () => takes(random.below(4), () => waits(answers)),
      'waits twice': () => takes(random.below(4), () => waits(() => waits(answers))),
      'answers and ends': () => [answers(), ends(0, null)],
      'answers and stays busy': () => [answers(), keepBusy(random.below(3000))],
      ends: () => takes(random.below(4), () => ends(3, null)),
      'ends and hands its channel on': () => ends(0, null, false),
      'runs out of memory': () => takes(random.below(400), () => ends(null, 'SIGABRT')),
      loops: () => {},
      forges: () => tell({ job: 'another', rule: 0 }),
      'says that it is unable': () => tell({ unable: 'to go on' }),
      'waits and loops': () => waits(() => {}),
    };
    does[plan]();
  }
}

const NO_TIME = { ms: 0, otherMs: 0 };

/** One end of a channel. */
class Line extends EventEmitter implements Stream {
  closed = false;
  sends: (bytes: Uint8Array) => void = () => {};
  write(bytes: Uint8Array): void {
    this.sends(bytes);
  }
  cork(): void {}
  uncork(): void {}
  destroy(): void {
    if (this.closed) return;
    this.closed = true;
    this.emit('close');
  }
}
