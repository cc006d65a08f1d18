import assert from 'node:assert/strict';
import { podTemplate } from '../../rules/pod-template/pod-template.ts';
import type { Engine } from '../../webhook/engine.ts';
import type { Kind } from '../../webhook/kind.ts';
import type { Lookups } from '../../webhook/lookup.ts';
import { rulesInForce } from '../../webhook/match.ts';
import { review } from '../../webhook/review.ts';

/** What is applied, and to what; a CREATE in a namespace that asks for nothing unless said. */
export interface Applied {
  readonly object: object;
  readonly oldObject?: object;
  readonly selector?: 'workload' | 'namespace';
  readonly lookups?: Lookups;
  readonly kubeVersion?: Engine['kubeVersion'];
}

/** The warnings that an API server would be given of it, without the rule's name; asserts that it is admitted, and not changed. */
export async function told({
  object,
  oldObject,
  selector = 'workload',
  lookups,
  kubeVersion,
}: Applied): Promise<string[]> {
  const { apiVersion, kind } = object as { apiVersion: string; kind: string };
  const token = podTemplate.kinds.find((one) => one.kind === kind && `${one.group}/${one.version}` === apiVersion);
  assert.ok(token, `${apiVersion} ${kind} is a kind of the rule`);
  const { group, version, resource } = token;
  const request = {
    uid: '0',
    operation: oldObject === undefined ? 'CREATE' : 'UPDATE',
    kind: { group, version, kind },
    resource: { group, version, resource },
    namespace: 'web',
    object,
    oldObject,
  };
  const body = Buffer.from(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request }));
  const rules = rulesInForce([{ rule: podTemplate, settings: {}, mode: 'enforce' }]);
  const engine: Engine = { rules, lookups: lookups ?? nothing, now: () => 0, kubeVersion };
  const answer = await review(body, { phase: 'validating', webhook: 'pod-template', selector }, engine);
  assert.equal(answer.verdict, 'allowed', answer.body);
  const { warnings = [] } = JSON.parse(answer.body).response as { warnings?: string[] };
  for (const warning of warnings) assert.match(warning, /^\[pod-template\] |^… and \d+ more warnings$/);
  return warnings.map((warning) => warning.replace('[pod-template] ', ''));
}

/** Where nothing is, and where a test fails that looks for anything else. */
export const nothing: Lookups = { find: async () => undefined };

/** Where the Websites of these names are, by the namespace `web`; `asked` gets every name that is looked for. */
export function websites(found: { readonly [name: string]: object }, asked: string[] = []): Lookups {
  return {
    find: async ({ kind }: Kind, namespace: string, name: string) => {
      assert.deepEqual([kind, namespace], ['Website', 'web']);
      asked.push(name);
      return found[name];
    },
  };
}
