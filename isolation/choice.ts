import { hasRoom, isFree, isStuck, isTaken, type Place } from './place.ts';
import { isAlone, isLarge, type Waiting } from './waiting.ts';

/** The first of the reviews that wait that may begin, by its place among them, and where; undefined where none may. */
export function choice(
  queue: readonly Waiting[],
  places: ReadonlySet<Place>,
  { size, now }: { readonly size: number; readonly now: number },
): { readonly next: number; readonly place: Place } | undefined {
  const free = [...places].filter((place) => isFree(place) && !isTaken(place));
  if (free.length === 0) return undefined;
  const usual = [...places].filter(({ isReady, ending, isLarge }) => isReady && ending === undefined && !isLarge);
  for (const [next, review] of queue.entries()) {
    const place = placeFor(review);
    if (place !== undefined) return { next, place };
  }
  return undefined;

  /** Where the fewest wait. */
  function placeFor(review: Waiting): Place | undefined {
    let best: Place | undefined;
    for (const place of free) {
      if (place.isLarge !== isLarge(review)) continue;
      if (isAlone(review) ? !isExpendable(place) : !hasRoom(place, review)) continue;
      if (best === undefined || place.reviews.size < best.reviews.size) best = place;
    }
    return best;
  }

  /** Whether somebody is left for the others: a review that has ended a worker may well end this one, too. */
  function isExpendable(place: Place): boolean {
    return place.isLarge || size === 1 || usual.some((other) => other !== place && !isStuck(other, now));
  }
}
