import type { Lookup } from '../../author.ts';
import type { Pod } from '../pod/types.ts';
import { Website } from '../website/website.ts';
import { websiteNamedBy } from './decide.ts';

/** The Website that a pod's label names. Pods that name none get git-sync without any cluster. */
export const websiteLookup: Lookup<Website, Pod> = {
  kind: Website,
  name: (pod, { selector }) => websiteNamedBy(pod, selector),
  optional: true,
};
