import { join } from 'node:path';
import { configFrom } from '../../../cli/config.ts';
import { loadRules } from '../../../cli/load.ts';
import { type Case, readCase } from '../../../replay/case.ts';
import type { Gate } from '../../../replay/chain.ts';
import { customResource } from '../../../replay/custom-resource.ts';
import { findCases } from '../../../replay/find-cases.ts';
import { gateOf, inCluster } from '../../../replay/gate.ts';
import { builtInRules, followed } from '../../../rules/index.ts';
import { websiteCrd } from '../../../rules/website/crd.ts';
import type { KubeVersion } from '../../../webhook/kube-version.ts';
import { noLookups } from '../../../webhook/lookup.ts';
import type { Rule } from '../../../webhook/rule.ts';
import { printed } from '../../manifests/printed.ts';
import { type Surroundings, surroundingsOf } from './surroundings.ts';

/** A folder of cases, and the folders of rules that they need besides the built-in ones. */
export interface Folder {
  readonly cases: string;
  readonly rules: readonly string[];
}

/** The rules in force, and the cases that are done with them. */
export interface Loaded {
  /** Of the newest API server, but that rules are told the version of this one. */
  readonly gate: Gate;
  readonly rules: readonly Rule[];
  /** By what has to be around them: those of most cases first, since that takes longer to change than a case to do. */
  readonly groups: readonly { readonly surroundings: Surroundings; readonly cases: readonly Case[] }[];
}

/** Of the API server that the exceptions are known of. */
export const KUBE_VERSION: KubeVersion = { major: 1, minor: 20 };

const ROOT = join(import.meta.dirname, '../../..');

/** All of the repository's own, and what no rule of ours comes to: custom resources of two versions, and metadata that cannot stand. */
export const FOLDERS: readonly Folder[] = [
  { cases: join(ROOT, 'test/cases'), rules: [] },
  { cases: join(ROOT, 'examples/cases'), rules: [join(ROOT, 'examples/rules')] },
  { cases: join(import.meta.dirname, 'gadgets/cases'), rules: [join(import.meta.dirname, 'gadgets/rules')] },
];

/** Loads the rules as `portcullis replay` and `serve` do that have no configuration, and reads the cases. */
export async function casesWith(folder: Folder): Promise<Loaded> {
  const config = configFrom({ words: [], flags: { rules: [...folder.rules] } }, {});
  const inForce = await loadRules(builtInRules, config, { followed });
  const rules = inForce.rules.map(({ rule }) => rule);
  const kinds = rules.flatMap((rule) => [...rule.kinds]);
  // The same CRD, but for what 1.20 does not know of.
  const crds = await printed(['crd', '--kube-version', '1.20']);
  const groups = new Map<string, { surroundings: Surroundings; cases: Case[] }>();
  for (const path of findCases([folder.cases], String)) {
    const given = readCase(path, { kinds, crds: [customResource(websiteCrd)], shown: String });
    const surroundings = surroundingsOf(given, crds, kinds);
    const key = JSON.stringify(surroundings);
    const group = groups.get(key) ?? { surroundings, cases: [] };
    group.cases.push(given);
    groups.set(key, group);
  }
  const gate = inCluster(gateOf(inForce, config.domain), { lookups: noLookups, kubeVersion: KUBE_VERSION });
  return { gate, rules, groups: [...groups.values()] };
}
