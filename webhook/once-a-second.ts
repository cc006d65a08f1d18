/** Writes a line, which says how many were passed over since the last. */
export type Say = (passedOver: { readonly passedOver?: number }) => void;

/** Garbage comes as fast as its sender can make it. */
const MS_BETWEEN_LINES = 1000;

/** Gives a function that runs what it is given, at most once a second; `now` is in milliseconds, from whenever. */
export function onceASecond(now: () => number): (say: Say) => void {
  let last = Number.NEGATIVE_INFINITY;
  let passedOver = 0;
  return (say) => {
    if (now() - last < MS_BETWEEN_LINES) {
      passedOver += 1;
      return;
    }
    say(passedOver === 0 ? {} : { passedOver });
    last = now();
    passedOver = 0;
  };
}
