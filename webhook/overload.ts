/** How much may be on its way at once. */
export interface Room {
  /** Reviews, from their bodies read to their answers sent. */
  readonly reviews: number;
  /** Bytes of bodies, each from when it comes to its answer sent; no fewer than the largest body may have. */
  readonly bytes: number;
}

/** Keeps count of what is on its way. */
export interface Overload {
  /**
   * Lets a body begin to come that says to be so long; undefined where there is no room for it. `giveWay` is called, once
   * at the most, where what has come of it has to make room for others.
   */
  begin(length: number, giveWay: () => void): Coming | undefined;
}

/** A body on its way in. */
export interface Coming {
  /** So many bytes more have come; false where there is no room for them. */
  more(bytes: number): boolean;
  /** All of it has come, and is a review; false where there are as many as may be. */
  whole(): boolean;
  /** Whatever has become of it is over. */
  leave(): void;
}

/**
 * Makes the count; `now` is in milliseconds, from whenever. A body holds what has come of it, not what it says to be: else
 * two clients that say to send much, and send nothing, would have all the room until their time is over. And where there
 * is too little, those that are slow to come give way, the oldest first: an API server sends 32 MiB in a fraction of a second.
 */
export function overload({ reviews, bytes: all }: Room, now: () => number): Overload {
  const coming = new Map<object, { readonly since: number; readonly giveWay: () => void }>();
  let taken = 0;
  let held = 0;
  return {
    begin(length, giveWay) {
      if (taken >= reviews || !hasRoom(length)) return undefined;
      const self = {};
      let own = 0;
      let isReview = false;
      let isOver = false;
      const leave = () => {
        if (isOver) return;
        isOver = true;
        coming.delete(self);
        held -= own;
        if (isReview) taken -= 1;
      };
      coming.set(self, {
        since: now(),
        giveWay() {
          leave();
          giveWay();
        },
      });
      return {
        more(bytes) {
          if (isOver || !hasRoom(bytes, self)) return false;
          own += bytes;
          held += bytes;
          return true;
        },
        whole() {
          coming.delete(self);
          if (isOver || taken >= reviews) return false;
          isReview = true;
          taken += 1;
          return true;
        },
        leave,
      };
    },
  };

  /** Whether there is room for so many bytes more of this one, once others that are slow have given way where they must. */
  function hasRoom(bytes: number, self?: object): boolean {
    for (const [other, { since, giveWay }] of coming) {
      if (held + bytes <= all || now() - since < SLOW_MS) break;
      if (other !== self) giveWay();
    }
    return held + bytes <= all;
  }
}

/** Four times what 32 MiB take at a gigabit a second. */
const SLOW_MS = 1000;
