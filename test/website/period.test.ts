import assert from 'node:assert/strict';
import { test } from 'node:test';
import { periodProblem } from '../../rules/website/period.ts';
import { parseGoDuration } from '../../schema/formats/duration.ts';

/** As Go's time.ParseDuration has them, in nanoseconds. */
const durations: { [text: string]: bigint | undefined } = {
  '0': 0n,
  '-0': 0n,
  '0s': 0n,
  '1ns': 1n,
  '1us': 1_000n,
  '1µs': 1_000n,
  '1μs': 1_000n,
  '1ms': 1_000_000n,
  '1.5s': 1_500_000_000n,
  '.5s': 500_000_000n,
  '5.s': 5_000_000_000n,
  '+5s': 5_000_000_000n,
  '-5s': -5_000_000_000n,
  '1h2m3s': 3_723_000_000_000n,
  '3s1h': 3_603_000_000_000n,
  '9223372036854775807ns': 9223372036854775807n,
  '9223372036854775808ns': undefined,
  '3000000h': undefined,
  '': undefined,
  '5': undefined,
  s: undefined,
  '.s': undefined,
  '-': undefined,
  '--5s': undefined,
  '5 s': undefined,
  '5S': undefined,
  '5d': undefined,
  '1e3s': undefined,
  '5s ': undefined,
  '1.2.3s': undefined,
  '٥s': undefined,
  PT1H: undefined,
};

for (const [text, nanoseconds] of Object.entries(durations)) {
  const said = nanoseconds === undefined ? 'no Go duration' : `${nanoseconds} ns`;
  test(`${JSON.stringify(text)} is ${said}`, () => assert.equal(parseGoDuration(text), nanoseconds));
}

const SUCH_AS = 'must be a duration such as "60s", "5m" or "1h30m" (units: h, m, s)';

const periods: { [text: string]: string | undefined } = {
  '10s': undefined,
  '60s': undefined,
  '1h30m': undefined,
  '24h': undefined,
  '9.999999999s': 'must be at least 10s',
  '10ms': 'must be at least 10s',
  '-60s': 'must be at least 10s',
  '0': 'must be at least 10s',
  '24h1ns': 'must be at most 24h',
  '60': 'must have a unit, as in "60s"',
  '': SUCH_AS,
  '1d': SUCH_AS,
  soon: SUCH_AS,
  [`${'0'.repeat(64)}60s`]: SUCH_AS,
};

for (const [period, problem] of Object.entries(periods)) {
  test(`a period of ${JSON.stringify(period)} ${problem ?? 'is fine'}`, () => {
    assert.equal(periodProblem(period), problem);
  });
}

test('a period of a million digits is refused at once', () => {
  const start = performance.now();
  assert.equal(periodProblem(`${'9'.repeat(1_000_000)}s`), SUCH_AS);
  assert.ok(performance.now() - start < 100);
});
