import { join } from 'node:path';
import { configFrom } from '../cli/config.ts';
import { loadRules } from '../cli/load.ts';
import { type Case, readCase } from '../replay/case.ts';
import { runChain } from '../replay/chain.ts';
import { customResource } from '../replay/custom-resource.ts';
import { findCases } from '../replay/find-cases.ts';
import { gateOf, inCluster } from '../replay/gate.ts';
import { breaches } from '../replay/invariants.ts';
import { replayCase } from '../replay/replay-case.ts';
import { builtInRules } from '../rules/index.ts';
import { websiteCrd } from '../rules/website/crd.ts';
import { measureAsync } from './measure.ts';
import { REPLAYED, WITH_FILES } from './serving/names.ts';
import type { Line, Table } from './table.ts';

/** What a review costs that is replayed, of the project's own cases over and over; 5,000 a second are promised. */
export async function replayTable(): Promise<Table> {
  const rules = await loadRules(builtInRules, configFrom({ words: [], flags: {} }, {}));
  const context = {
    gate: gateOf(rules, 'extensions.example.com'),
    kinds: rules.rules.flatMap(({ rule }) => [...rule.kinds]),
    crds: [customResource(websiteCrd)],
    shown: (path: string) => path,
  };
  const folders = findCases([join(import.meta.dirname, '../test/cases')], context.shown);
  const cases = folders.map((folder) => readCase(folder, context));
  const chained = (given: Case) => {
    const gate = inCluster(context.gate, { lookups: given.cluster.lookups(given.review.request.namespace ?? '') });
    return runChain(given, gate);
  };
  const proven = async (given: Case) => {
    const chain = await chained(given);
    await breaches(given, chain, context.gate, given.bytes);
    return chain;
  };
  const reviews = await sum(cases.map(async (given) => (await chained(given)).calls.length));
  const each = async (what: string, beside: string, action: () => Promise<unknown>): Promise<Line> => {
    return { what, microseconds: (await measureAsync(action)) / reviews, beside };
  };
  return {
    name: 'replay, a review',
    lines: [
      await each(REPLAYED, `${reviews} reviews of ${cases.length} cases`, () => inTurn(cases, chained)),
      await each('the same, and every invariant proven', 'those reviews not counted', () => inTurn(cases, proven)),
      await each(WITH_FILES, 'what the command does', () => inTurn(folders, (folder) => replayCase(folder, context))),
    ],
  };
}

async function inTurn<T>(all: readonly T[], action: (one: T) => Promise<unknown>): Promise<void> {
  for (const one of all) await action(one);
}

async function sum(all: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(all)).reduce((total, one) => total + one, 0);
}
