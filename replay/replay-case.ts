import { closeTo, nearest } from '../webhook/nearest.ts';
import type { Rule } from '../webhook/rule.ts';
import { type Case, type CaseContext, readCase } from './case.ts';
import { type Chain, type Gate, runChain } from './chain.ts';
import { type Difference, differences } from './compared.ts';
import { described } from './described.ts';
import { inCluster } from './gate.ts';
import { type Breach, breaches } from './invariants.ts';
import { noting } from './missed.ts';
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
      /** What is wrong with the case as a whole: nothing is expected. */
      readonly problems: readonly string[];
      /** What rules looked up that its cluster does not have. */
      readonly missed: readonly string[];
    }
  /** It cannot be replayed: a file cannot be read, or its rule is not in force. */
  | { readonly outcome: 'broken'; readonly folder: string; readonly fault: string };

/** What cases are replayed with. */
export interface ReplayContext extends CaseContext {
  readonly gate: Gate;
  /** Names of rules that are there, and that the configuration switches off. */
  readonly off?: readonly string[];
}

/**
 * Reads a case, sends it the whole way, checks the invariants and compares what came with what was expected. A case that
 * cannot be read, whose rule is not in force, or whose cluster cannot say how it goes on, is broken, and hides no other.
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
  const rule = ruleOf(given, context);
  const missed = new Set<string>();
  const lookups = given.cluster.lookups(given.review.request.namespace ?? '');
  const gate = inCluster(context.gate, { lookups: noting(lookups, missed), kubeVersion: given.kubeVersion });
  const input = Buffer.from(given.bytes);
  const chain = await runChain(given, gate);
  const actual = described(chain, rule);
  const found = given.expected === undefined ? [] : differences(given.expected, actual);
  const broken = await breaches(given, chain, gate, input);
  const problems =
    given.expected === undefined ? ['it expects nothing: there is no expected.yaml (--update writes it)'] : [];
  const isFailed = found.length > 0 || problems.length > 0 || broken.some(({ isWarning }) => !isWarning);
  return {
    outcome: isFailed ? 'failed' : 'passed',
    given,
    chain,
    described: actual,
    differences: found,
    breaches: broken,
    problems,
    missed: [...missed],
  };
}

/** The rule that the folder around the case names. Throws FileFault where it is not in force. */
function ruleOf({ rule: name, folder }: Case, { gate, off = [], shown }: ReplayContext): Rule {
  const rules = gate.engine.rules.rules.map(({ rule }) => rule);
  const found = rules.find((rule) => rule.name === name);
  if (found !== undefined) return found;
  if (off.includes(name)) {
    throw new FileFault(
      `${shown(folder)}: the configuration switches the rule ${name} off, so that nothing is proved; name a --config that does not`,
    );
  }
  const names = rules.map((rule) => rule.name);
  const guess = `${nearest(name, names)}${closeTo(name, names).length > 0 ? '' : '; --rules loads others'}`;
  throw new FileFault(
    `${shown(folder)}: the folder around a case has the name of its rule, and no rule in force is called ${name}${guess}`,
  );
}
