/** How fast something grows. */
export interface Slope {
  /** By least squares, for each minute. */
  readonly perMinute: number;
  /**
   * What that is uncertain by (its standard error). Memory wanders, so that one sample says much of what the next is
   * going to be: deviations are counted as often as they are independent, by how much each is like the one before.
   */
  readonly error: number;
}

/** Of values over seconds; undefined of fewer than three. */
export function slopeOf(points: readonly { readonly seconds: number; readonly value: number }[]): Slope | undefined {
  const count = points.length;
  if (count < 3) return undefined;
  const meanX = mean(points.map(({ seconds }) => seconds));
  const meanY = mean(points.map(({ value }) => value));
  const spread = sum(points.map(({ seconds }) => (seconds - meanX) ** 2));
  const perSecond = sum(points.map(({ seconds, value }) => (seconds - meanX) * (value - meanY))) / spread;
  const rests = points.map(({ seconds, value }) => value - meanY - perSecond * (seconds - meanX));
  const squares = sum(rests.map((rest) => rest ** 2));
  const likeness = squares === 0 ? 0 : sum(rests.slice(1).map((rest, i) => rest * (rests[i] ?? 0))) / squares;
  const kept = Math.min(Math.max(likeness, 0), 0.99);
  const error = Math.sqrt((squares / (count - 2) / spread) * ((1 + kept) / (1 - kept)));
  return { perMinute: perSecond * 60, error: error * 60 };
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
