import type { IncomingMessage } from 'node:http';

/** How much may be on its way at once. */
export interface Room {
  /** Reviews, from their headers read to their answer sent. */
  readonly reviews: number;
  /** Bytes of their bodies. */
  readonly bytes: number;
}

/** Keeps count of what is on its way. */
export interface Overload {
  /**
   * Takes a request in, and gives what must be called once it is over; undefined where there is no room for it. One
   * whose length is not told (no API server sends such) counts as the largest there may be.
   */
  admit(request: Pick<IncomingMessage, 'headers'>): (() => void) | undefined;
}

/**
 * Makes the count. A body that is larger than all the room is taken in when nothing else is there: it is for the limit
 * of bodies to refuse it, not for this one for good.
 */
export function overload({ reviews, bytes }: Room, largest: number): Overload {
  let taken = 0;
  let held = 0;
  return {
    admit({ headers }) {
      const told = headers['content-length'];
      const size = told === undefined ? largest : Math.min(Number(told), largest);
      if (taken >= reviews || (taken > 0 && held + size > bytes)) return undefined;
      taken += 1;
      held += size;
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        taken -= 1;
        held -= size;
      };
    },
  };
}
