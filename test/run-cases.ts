import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, test } from 'node:test';
import { coverageOf } from '../replay/coverage.ts';
import { customResource } from '../replay/custom-resource.ts';
import { gateOf } from '../replay/gate.ts';
import { type ReplayContext, type Replayed, replayCase } from '../replay/replay-case.ts';
import { textReport } from '../replay/reports/text.ts';
import { websiteCrd } from '../rules/website/crd.ts';
import type { RulesInForce } from '../webhook/match.ts';
import type { Rule } from '../webhook/rule.ts';

const shown = (path: string) => relative(process.cwd(), path);

/**
 * Replays each case of these rules, in `<folder>/<rule>/<sentence>/`, as `portcullis replay` does, and tests that there is
 * one folder for each rule, with cases that show what it does and what it leaves alone. `all` are the rules in force.
 * No answer may repeat the word `s3cret`, which stands for one.
 */
export function runCases(folder: string, own: readonly Rule[], all: RulesInForce): void {
  const kinds = all.rules.flatMap(({ rule }) => [...rule.kinds]);
  const context: ReplayContext = {
    gate: gateOf(all, 'extensions.example.com'),
    kinds,
    crds: [customResource(websiteCrd)],
    shown,
  };

  test('there is nothing among the cases but a folder for each rule', () => {
    assert.deepEqual(readdirSync(folder).sort(), own.map(({ name }) => name).sort());
  });

  for (const rule of own) {
    describe(rule.name, () => {
      const all: Replayed[] = [];
      for (const sentence of casesIn(join(folder, rule.name))) {
        test(sentence.replaceAll('-', ' '), async () => {
          const replayed = await replayCase(join(folder, rule.name, sentence), context);
          all.push(replayed);
          const report = textReport({ cases: [replayed], coverage: [], calls: 0 }, { isVerbose: false, shown });
          assert.equal(replayed.outcome, 'passed', report);
          if (replayed.outcome === 'passed') assert.ok(!JSON.stringify(replayed.described).includes('s3cret'));
        });
      }
      test('has cases that show what it does, and what it leaves alone', () => {
        const coverage = coverageOf(all, context.gate).find((each) => each.rule === rule.name);
        assert.deepEqual(coverage?.missing, []);
      });
    });
  }
}

function casesIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}
