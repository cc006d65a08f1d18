import assert from 'node:assert/strict';
import { test } from 'node:test';
import { downwardApiLabel } from '../../rules/downward-api/downward-api-label.ts';
import { outcomeOf } from '../pod/outcome-of.ts';

const LABEL = 'extensions.example.com/downward-api';

for (const value of ['yes', 'True', '']) {
  test(`a pod labelled ${JSON.stringify(value)} is admitted, and its author told that nothing was added`, () => {
    const { outcome } = outcomeOf(downwardApiLabel, { metadata: { labels: { [LABEL]: value } }, spec: null });
    const text = `${LABEL}: ${JSON.stringify(value)} is neither "true" nor "false": no variables`;
    assert.deepEqual(outcome, { decision: 'allow', warnings: [text] });
    assert.ok(text.length <= 120, 'it fits in a warning');
  });
}

for (const labels of [{ [LABEL]: 'true' }, { [LABEL]: 'false' }, {}, null]) {
  test(`a pod with the labels ${JSON.stringify(labels)} is admitted without a word`, () => {
    const { outcome } = outcomeOf(downwardApiLabel, { metadata: { labels }, spec: { containers: [{ name: 'app' }] } });
    assert.deepEqual(outcome, { decision: 'allow', warnings: [] });
  });
}
