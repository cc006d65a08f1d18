/** Things that happen, one after the other, in a time that passes by itself. */
export interface Events {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Has it happen so many milliseconds later; gives what keeps it from happening. */
  after(milliseconds: number, happens: () => void): () => void;
  /** Lets the next one happen, and all that it leads to without time passing. */
  next(): Promise<void>;
}

/** Begins at `start` with nothing to happen. Of two things at the same moment, the first that was said is first. */
export function events(start: number): Events {
  let now = start;
  let count = 0;
  const queue: Entry[] = [];
  return {
    get now() {
      return now;
    },
    after(milliseconds, happens) {
      const entry: Entry = { at: now + Math.max(0, milliseconds), order: count++, happens };
      push(queue, entry);
      return () => {
        entry.happens = undefined;
      };
    },
    async next() {
      const entry = pop(queue);
      if (entry?.happens === undefined) return;
      now = entry.at;
      entry.happens();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

interface Entry {
  readonly at: number;
  readonly order: number;
  happens: (() => void) | undefined;
}

// A heap: timers that are cancelled stay in it, and there are many.
function push(heap: Entry[], entry: Entry): void {
  let place = heap.push(entry) - 1;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (isBefore(heap[parent] as Entry, entry)) break;
    heap[place] = heap[parent] as Entry;
    place = parent;
  }
  heap[place] = entry;
}

function pop(heap: Entry[]): Entry | undefined {
  const [first] = heap;
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) child++;
    if (isBefore(last, heap[child] as Entry)) break;
    heap[place] = heap[child] as Entry;
    place = child;
  }
  heap[place] = last;
  return first;
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
