// What a rule about Websites may rely on: the type that the CRD's schema is. Checked by tsc (types.test.ts).
import { allow, deny, validatingRule, type Wire } from '../../author.ts';
import { Website } from '../../rules/website/website.ts';
import { same } from './equal.ts';

interface Expected {
  readonly spec: {
    readonly gitRepo: string;
    // The API server has filled these in before anybody is asked.
    readonly ref: string;
    readonly period: string;
    readonly depth: number;
    readonly submodules: 'off' | 'shallow' | 'recursive';
    readonly credentials?: { readonly secretName: string };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: {
      readonly type: string;
      readonly status: 'True' | 'False' | 'Unknown';
      readonly observedGeneration?: number;
      readonly lastTransitionTime: string;
      readonly reason: string;
      readonly message: string;
    }[];
  };
}
same<Website, Wire<Expected>>(true);

validatingRule({
  name: 'about-websites',
  kind: Website,
  operations: ['UPDATE'],
  validate(website, { oldObject }) {
    const { ref, submodules } = website.spec;
    same<typeof ref, string>(true);
    same<typeof submodules, 'off' | 'shallow' | 'recursive'>(true);
    // @ts-expect-error not every Website names a Secret
    website.spec.credentials.secretName;
    // @ts-expect-error nothing has looked at a new one
    website.status.conditions;
    // @ts-expect-error no such field
    website.spec.branch;
    // @ts-expect-error no such choice
    if (submodules === 'all') deny('all');
    const ready = oldObject.status?.conditions?.find(({ type }) => type === 'Ready');
    // @ts-expect-error a condition may be Unknown too
    const isReady: 'True' | 'False' | undefined = ready?.status;
    return isReady === 'True' && ref.length + website.spec.depth > 0 ? allow(ready?.message ?? '') : deny('not ready');
  },
});
