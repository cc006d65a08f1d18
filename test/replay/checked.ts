import type { Rule } from '../../author.ts';
import { type Check, check } from '../../replay/check/check.ts';
import { type Manifest, manifestsIn } from '../../replay/check/manifests.ts';
import { textReport } from '../../replay/check/text-report.ts';
import { gateOf } from '../../replay/gate.ts';
import type { KubeVersion } from '../../webhook/kube-version.ts';
import { rulesInForce } from '../../webhook/match.ts';

/** YAML texts: what is applied (`a.yaml`), what was before (`old.yaml`), what else is in the cluster (`cluster.yaml`). */
export interface Texts {
  readonly applied: string;
  readonly old?: string;
  readonly around?: string;
}

/** Checks texts by these rules alone; objects stand in the namespace `here`, and `left-alone` is left alone. */
export async function checked(
  rules: readonly Rule[],
  texts: string | Texts,
  kubeVersion?: KubeVersion,
): Promise<Check> {
  const { applied, old, around = '' } = typeof texts === 'string' ? { applied: texts, old: undefined } : texts;
  const inForce = rulesInForce(
    rules.map((rule) => ({ rule, settings: {}, mode: 'enforce' as const })),
    ['left-alone'],
  );
  const read = manifestsIn({ file: 'a.yaml', text: applied });
  const done = await check(
    {
      manifests: read.manifests,
      old: old === undefined ? undefined : manifests('old.yaml', old),
      around: manifests('cluster.yaml', around),
    },
    {
      gate: gateOf(inForce, 'example.com', kubeVersion),
      kinds: rules.flatMap(({ kinds }) => [...kinds]),
      crds: [],
      objectNamespace: 'here',
    },
  );
  return { ...done, unread: [...read.unread, ...done.unread] };
}

/** The lines that people read, the summary last. */
export function linesOf(done: Check, options: { isVerbose?: boolean; hasDiffs?: boolean } = {}): string[] {
  return textReport(done, { isVerbose: false, hasDiffs: false, ...options })
    .map(({ text }) => text)
    .filter((text) => text !== '');
}

function manifests(file: string, text: string): Manifest[] {
  return manifestsIn({ file, text }).manifests;
}
