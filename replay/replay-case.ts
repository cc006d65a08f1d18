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
 * cannot be read is broken, and hides no other.
 */
export async function replayCase(folder: string, context: ReplayContext): Promise<Replayed> {
  let given: Case;
  try {
    given = readCase(folder, context);
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    return { outcome: 'broken', folder, fault: error.message };
  }
  const namespace = given.review.request.namespace ?? '';
  const gate = lookingUp(context.gate, given.cluster.lookups(namespace));
  const input = Buffer.from(given.bytes);
  let chain: Chain;
  try {
    chain = await runChain(given, gate);
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    return { outcome: 'broken', folder, fault: error.message };
  }
  const { rules } = context.gate.engine.rules;
  const actual = described(chain, rules.find(({ rule }) => rule.name === given.rule)?.rule);
  const found = given.expected === undefined ? [] : differences(given.expected, actual);
  const broken = await breaches(given, chain, gate, input);
  const problems = problemsOf(given, context);
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

function problemsOf({ rule, expected }: Case, { gate }: ReplayContext): string[] {
  const names = gate.engine.rules.rules.map((entry) => entry.rule.name);
  if (!names.includes(rule)) {
    return [`the folder around a case has the name of its rule, and no rule in force is called ${rule}`];
  }
  return expected === undefined ? ['it expects nothing: there is no expected.yaml (--update writes it)'] : [];
}
