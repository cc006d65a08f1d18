import { nearest } from '../webhook/nearest.ts';
import type { Rule } from '../webhook/rule.ts';
import { type Case, type CaseContext, readCase } from './case.ts';
import { type Chain, type Gate, runChain } from './chain.ts';
import { type Difference, differences } from './compared.ts';
import { described } from './described.ts';
import { lookingUp } from './gate.ts';
import { type Breach, breaches } from './invariants.ts';
import { FileFault } from './yaml-file.ts';

/** What came of one case. */
export type Replayed =
  | {
      readonly outcome: 'passed' | 'failed';
      readonly given: Case;
      readonly chain: Chain;
      /** What `expected.yaml` should say. */
      readonly described: object;
      readonly differences: readonly Difference[];
      readonly breaches: readonly Breach[];
      /** What is wrong with the case as a whole: nothing is expected, a rule is not known. */
      readonly problems: readonly string[];
    }
  | { readonly outcome: 'broken'; readonly folder: string; readonly fault: string };

/** What cases are replayed with. */
export interface ReplayContext extends CaseContext {
  readonly gate: Gate;
}

/**
 * Reads a case, sends it the whole way, checks the invariants and compares what came with what was expected. A case that
 * cannot be read, or whose cluster cannot say how it goes on, is broken, and hides no other.
 */
export async function replayCase(folder: string, context: ReplayContext): Promise<Replayed> {
  try {
    return await replayed(readCase(folder, context), context);
  } catch (error) {
    if (error instanceof FileFault) return { outcome: 'broken', folder, fault: error.message };
    throw error;
  }
}

async function replayed(given: Case, context: ReplayContext): Promise<Replayed> {
  const gate = lookingUp(context.gate, given.cluster.lookups(given.review.request.namespace ?? ''));
  const input = Buffer.from(given.bytes);
  const chain = await runChain(given, gate);
  const rules = gate.engine.rules.rules.map(({ rule }) => rule);
  const actual = described(
    chain,
    rules.find(({ name }) => name === given.rule),
  );
  const found = given.expected === undefined ? [] : differences(given.expected, actual);
  const broken = await breaches(given, chain, gate, input);
  const problems = problemsOf(given, rules);
  const isFailed = found.length > 0 || problems.length > 0 || broken.some(({ isWarning }) => !isWarning);
  return {
    outcome: isFailed ? 'failed' : 'passed',
    given,
    chain,
    described: actual,
    differences: found,
    breaches: broken,
    problems,
  };
}

function problemsOf({ rule, expected }: Case, rules: readonly Rule[]): string[] {
  const names = rules.map(({ name }) => name);
  if (!names.includes(rule)) {
    const guess = nearest(rule, names);
    return [`the folder around a case has the name of its rule, and no rule in force is called ${rule}${guess}`];
  }
  return expected === undefined ? ['it expects nothing: there is no expected.yaml (--update writes it)'] : [];
}
