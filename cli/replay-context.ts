import { customResource } from '../replay/custom-resource.ts';
import { gateOf } from '../replay/gate.ts';
import type { ReplayContext } from '../replay/replay-case.ts';
import { builtInRules, followed } from '../rules/index.ts';
import { websiteCrd } from '../rules/website/crd.ts';
import type { KubeVersion } from '../webhook/kube-version.ts';
import type { Config } from './config.ts';
import { readable } from './faults.ts';
import { loadRules } from './load.ts';

/** The rules as a server would load them, behind the webhooks that they are registered with, and what every cluster has. Throws Faults. */
export async function replayContext(config: Config, kubeVersion?: KubeVersion): Promise<ReplayContext> {
  const inForce = await loadRules(builtInRules, config, { followed });
  const names = [...builtInRules.map(({ name }) => name), ...Object.keys(config.file?.config.rules ?? {})];
  return {
    gate: gateOf(inForce, config.domain, kubeVersion),
    kinds: inForce.rules.flatMap(({ rule }) => [...rule.kinds]),
    crds: [customResource(websiteCrd)],
    shown: readable,
    off: names.filter((name) => inForce.rules.every(({ rule }) => rule.name !== name)),
  };
}
