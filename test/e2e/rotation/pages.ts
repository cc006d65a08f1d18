import { resolve } from 'node:path';
import type { Write } from '../install/load.ts';
import { DOWNWARD_API, KUBIA, pod, WEBSITE, website } from '../objects.ts';
import { POD_WITHOUT_WEBSITE, type Users, WRITES, works } from './load.ts';
import { type Place, USERS } from './place.ts';

/** The folder with the rule that is not built in, so that its reviews are decided in worker processes. */
export const RULES = resolve(import.meta.dirname, 'rules');

const SERVED = 'served';

/**
 * What users write where that rule is in force: it is asked too, and Websites are looked up, those that are there and
 * those that are not.
 */
const WRITES_WITH_PAGES: readonly Write[] = [
  ...WRITES,
  page({}),
  {
    ...page({}, 'missing'),
    expected:
      'admission webhook "page.pages.extensions.example.com" denied the request: [pages] there is no Website missing (403)',
  },
  {
    resource: 'pods',
    object: JSON.parse(pod({ name: 'serves', labels: { [WEBSITE]: SERVED, [DOWNWARD_API]: 'true' } })),
    expected: 'taken with POD_NAME',
  },
  POD_WITHOUT_WEBSITE,
];

/** The users who do. They rest for longer than others: whoever starts processes meanwhile needs the machine. */
export const PAGE_USERS: Users = { writes: WRITES_WITH_PAGES, restMs: 200 };

/** A page, by what the rule reads in it. It is taken, unless its Website is nowhere. */
export function page(data: { readonly [key: string]: string }, of = SERVED): Write {
  const metadata = { name: 'page', labels: { 'page-of': of } };
  return { resource: 'configmaps', object: { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, expected: 'taken' };
}

/** Registers that rule's webhook too, and makes the Website; the replicas that run have to know the rule. */
export async function withPages(place: Place): Promise<void> {
  const { plane } = place;
  await plane.applied(await place.webhooksWith(RULES));
  await works(place);
  await plane.applied(website({ name: SERVED, namespace: USERS }, { gitRepo: KUBIA }));
  await works(place, WRITES_WITH_PAGES);
}

/** Ends the replicas, and takes the webhook away. */
export async function withoutPages({ plane, endAll, webhooks }: Place): Promise<void> {
  await endAll();
  await plane.applied(webhooks);
}
