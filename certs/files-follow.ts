import { createHash } from 'node:crypto';
import { createAlarm } from './files-alarm.ts';
import type { watchFolder } from './files-watch.ts';
import type { Followed, Found } from './followed.ts';
import type { Time } from './keep-renewed.ts';

/** How long an event waits for those that come with it. */
const gathering = 100;
/** How long something good has to stay the same before it is used: a file may be written no further than its first CA. */
const quiet = 1000;
/** Between two looks where nothing happens: what cert-manager's and controller-runtime's webhooks take (protocol.md §4.1). */
const pollInterval = 10_000;

/**
 * Goes on from the `current` content as `watchCertificateFiles` promises of a pair, until the returned function is called.
 * A look is taken every ten seconds, soon after each event, and when a wait is over; everything else is a judgement of
 * that look.
 */
export function followFiles<T>(
  files: Followed<T>,
  {
    current,
    onChange,
    onError,
    time,
    watch,
  }: {
    readonly current: T;
    readonly onChange: (next: T) => void;
    readonly onError: (error: Error) => void;
    readonly time: Time;
    readonly watch: typeof watchFolder;
  },
): () => void {
  let used = current;
  let seen: { readonly state: string; isQuiet: boolean; readonly cancel: () => void } | undefined;
  let isLooking = false;
  let isAskedAgain = false;
  let isStopped = false;
  let cancelEvent: (() => void) | undefined;
  let cancelPoll = () => {};
  const alarm = createAlarm(files, { onError, onOverdue: look, time });
  const events = watch(files.folder, onEvent);
  poll();
  return () => {
    isStopped = true;
    events.close();
    alarm.stop();
    cancelEvent?.();
    cancelPoll();
    seen?.cancel();
  };

  function poll(): void {
    cancelPoll = time.after(pollInterval, poll);
    look();
  }

  function onEvent(): void {
    if (isStopped) return;
    cancelEvent ??= time.after(gathering, () => {
      cancelEvent = undefined;
      look();
    });
  }

  function look(): void {
    isAskedAgain = true;
    if (!isLooking) void lookUntilNobodyAsks();
  }

  async function lookUntilNobodyAsks(): Promise<void> {
    isLooking = true;
    try {
      while (isAskedAgain && !isStopped) {
        isAskedAgain = false;
        // Before the files are read: what happens from here on is told.
        events.refresh();
        const found = await files.find(time.now());
        if (!isStopped) judge(found);
      }
    } finally {
      isLooking = false;
    }
  }

  function judge(found: Found<T>): void {
    if (found.content !== undefined && isUsed(found.content)) {
      forgetSeen();
      alarm.inUse(used);
      return;
    }
    const state = stateOf(found.content && files.textsOf(found.content), found.problem);
    if (seen?.state !== state) {
      forgetSeen();
      seen = begun(state);
    }
    const problem = found.problem ?? (seen?.isQuiet ? take(found.content) : undefined);
    if (problem !== undefined && !isStopped) alarm.problem(problem, state, used);
  }

  function isUsed(content: T): boolean {
    const [texts, inUse] = [files.textsOf(content), files.textsOf(used)];
    return texts.length === inUse.length && texts.every((text, i) => text === inUse[i]);
  }

  function take(next: T): string | undefined {
    try {
      onChange(next);
    } catch (error) {
      return `the server does not take it (${error instanceof Error ? error.message : error})`;
    }
    used = next;
    forgetSeen();
    if (!isStopped) alarm.inUse(used);
    return undefined;
  }

  function begun(state: string): NonNullable<typeof seen> {
    const cancel = time.after(quiet, () => {
      if (seen !== undefined) seen.isQuiet = true;
      look();
    });
    return { state, isQuiet: false, cancel };
  }

  function forgetSeen(): void {
    seen?.cancel();
    seen = undefined;
  }
}

/** A text that is the same for the same files and the same problem, and gives no key away. */
function stateOf(texts: readonly string[] = [], problem = ''): string {
  return createHash('sha256')
    .update(JSON.stringify([...texts, problem]))
    .digest('hex');
}
