import { allow, isAtLeast, type KubeVersion, validatingRule } from '../../author.ts';
import { doubtsAbout as doubtsOfVariables } from '../downward-api/doubts.ts';
import { decide, websiteNamedBy } from '../git-sync/decide.ts';
import { type Admitted, doubtsAbout } from '../git-sync/doubts.ts';
import { itemsOf } from '../pod/lists.ts';
import type { Pod } from '../pod/types.ts';
import { Website } from '../website/website.ts';
import { fitted } from './fitted.ts';
import { type PodInside, podInside, templateIn } from './pod-inside.ts';
import { refusal } from './refusal.ts';
import { routing } from './routing.ts';
import { type Workload, workloads } from './workloads.ts';

/**
 * Pods that a controller makes are refused, or left alone, where nobody looks: so whoever applies its template is told at
 * once what its pods would be told. Never more than told: what the pods need may come later, in any order.
 */
export const podTemplate = validatingRule({
  name: 'pod-template',
  kind: workloads,
  operations: ['CREATE', 'UPDATE'],
  ...routing,
  lookups: {
    website: {
      kind: Website,
      name: (workload, { selector }) => {
        const inside = insideOf(workload);
        return inside === undefined ? undefined : websiteNamedBy(inside.pod, selector);
      },
      optional: true,
    },
  },
  validate(workload, { request, oldObject, found, kubeVersion }) {
    const inside = insideOf(workload);
    if (inside === undefined) return allow();
    // Where may be fetched from is for git-sync alone to say, and only of pods.
    const decision = decide(inside.pod, { selector: request.selector, website: found.website });
    const warnings =
      decision.verdict === 'deny'
        ? refusal(workload, inside, decision.problems)
        : doubtsIn(inside, doubtsOfGitSync(inside.pod, decision, request.selector, kubeVersion));
    warnings.push(...doubtsIn(inside, doubtsOfVariables(inside.pod)));
    return warnings.length === 0 || isUnchanged(workload, oldObject) ? allow() : allow(...warnings.map(fitted));
  },
});

/** What another controller owns was written by it: the author has been told of the owner, and a controller only logs it. */
function insideOf(workload: Workload): PodInside | undefined {
  const isControlled = itemsOf(workload.metadata.ownerReferences).some(({ item }) => item.controller === true);
  return isControlled ? undefined : podInside(workload);
}

/** About a pod that asks for nothing, in a namespace that does not, nobody is asked: what it says may be meant for others. */
function doubtsOfGitSync(pod: Pod, decision: Admitted, selector: string | undefined, version?: KubeVersion): string[] {
  const isAsked = decision.verdict === 'inject' || decision.reason !== 'not_requested' || selector === 'namespace';
  return isAsked ? doubtsAbout(pod, decision, mayBeNative(version)) : [];
}

/** Some begin with their field, and all are about the template. */
function doubtsIn({ fieldIn }: PodInside, doubts: readonly string[]): string[] {
  return doubts.map((doubt) => (doubt.startsWith('metadata.') ? fieldIn(doubt) : `${fieldIn('')}: ${doubt}`));
}

/** Which git-sync a pod gets is a setting: only below 1.29, where native sidecars are off, it can be none (KEP-753). */
function mayBeNative(kubeVersion: KubeVersion | undefined): boolean {
  return kubeVersion === undefined || isAtLeast(kubeVersion, { major: 1, minor: 29 });
}

/** An API server sends both in one order of members. */
function isUnchanged(workload: Workload, old: Workload | undefined): boolean {
  return old !== undefined && JSON.stringify(templateIn(workload)) === JSON.stringify(templateIn(old));
}
