import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { allow } from '../../author.ts';
import { configFrom } from '../../cli/config.ts';
import { loadRules } from '../../cli/load.ts';
import { replayContext } from '../../cli/replay-context.ts';
import { findCases } from '../../replay/find-cases.ts';
import { gateOf } from '../../replay/gate.ts';
import { run } from '../../replay/run.ts';
import { builtInRules } from '../../rules/index.ts';
import { rulesInForce } from '../../webhook/match.ts';
import type { Rule } from '../../webhook/rule.ts';

const config = configFrom({ words: [], flags: {} }, {});
const { rules, ignoredNamespaces } = await loadRules(builtInRules, config);
const context = await replayContext(config);

// Mutation testing of the policy itself: a rule that no longer decides must not be missed by its own cases.
for (const rule of builtInRules) {
  test(`the cases of ${rule.name} notice that it decides nothing any more`, async () => {
    const entries = rules.map((entry) => (entry.rule.name === rule.name ? { ...entry, rule: idle(rule) } : entry));
    const gate = gateOf(rulesInForce(entries, ignoredNamespaces), config.domain);
    const folder = join(import.meta.dirname, '../cases', rule.name);
    const { cases } = await run(findCases([folder], String), { ...context, gate });
    const failed = cases.filter(({ outcome }) => outcome === 'failed').length;
    assert.ok(failed >= cases.length / 4, `${failed} of ${cases.length} failed`);
  });
}

function idle(rule: Rule): Rule {
  return { ...rule, decide: () => (rule.phase === 'validating' ? allow() : undefined) };
}
