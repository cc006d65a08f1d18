import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { leftBehind, wrongAnswers } from '../../bench/soak/bounds.ts';
import { steadyGrowth } from '../../bench/soak/growth.ts';
import { soak } from '../../bench/soak/soak.ts';
import { toldResults } from '../../bench/soak/told.ts';

const skip = !existsSync('/proc/self/fd') && 'the soak looks into /proc, as Linux has it';

// How fast it is, and how much of it is refused, is for `npm run soak` to say: here others use the machine as well.
test('a soaked server answers properly, leaves nothing behind and gets over ten times what it can do', {
  skip,
}, async (t) => {
  const results = await soak({ minutes: 1 / 6, overloadSeconds: 4, hasOwnCore: false, mostConnections: 64 });
  for (const line of toldResults(results)) t.diagnostic(line);
  const { steady, overload, capacity, samples } = results;
  assert.deepEqual(wrongAnswers(results), []);
  const [server] = steadyGrowth(results);
  // While it warms up it takes in a hundred MB, however slow the machine; what keeps each review takes more.
  assert.ok(server !== undefined && server.slope.perMinute < 1000, `it grew by ${server?.slope.perMinute} MB a minute`);
  assert.deepEqual(leftBehind(results), []);
  assert.ok(results.recovery.ms !== undefined, 'it is as good as before');
  // What was seen was no idle server.
  assert.ok(steady.tally.decided > 20, `${steady.tally.decided} decided`);
  assert.ok(steady.workersEnded > 0, 'a rule without an end');
  assert.ok(steady.oddClients >= 6, `each odd client: ${steady.oddClients}`);
  assert.ok(overload.tally.sent + overload.tally.heldBack > 5 * capacity * overload.seconds, 'as much was due');
  assert.ok(overload.health.answered > 0, 'the health port was asked');
  assert.ok(Math.max(...samples.map(({ descriptors }) => descriptors)) > results.before.descriptors, 'connections');
});
