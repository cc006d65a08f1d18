import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchConfiguration } from '../../certs/watch-configuration.ts';
import { fakeClient, refusal } from './fake-client.ts';
import { recordedLog } from './recorded-log.ts';

test('what keeps a configuration from being watched is told once, and again after it was watched', async () => {
  const refused = refusal(403, 'not for you');
  const outcomes = [refused, refused, undefined, refused, refused];
  const ending = new AbortController();
  const client = {
    ...fakeClient(() => ({})),
    async watch() {
      const outcome = outcomes.shift();
      if (outcomes.length === 0) ending.abort();
      if (outcome !== undefined) throw outcome;
    },
  };
  const log = recordedLog();
  const place = { client, resource: 'mutatingwebhookconfigurations', name: 'portcullis' } as const;
  await watchConfiguration(place, () => {}, { log, pause: async () => {}, signal: ending.signal });
  const told = log.lines.filter((line) => line.startsWith('warn: the configuration cannot be watched'));
  assert.equal(told.length, 2, log.lines.join('\n'));
});
