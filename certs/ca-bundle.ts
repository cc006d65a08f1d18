import type { X509Certificate } from 'node:crypto';
import { ApiError } from '../cluster/api-error.ts';
import type { ClusterClient } from '../cluster/client.ts';
import { readIfThere } from '../cluster/read-if-there.ts';
import { type BundleLook, bundleLook, type Configuration, type ReadBundle } from './bundle-look.ts';

/** The two kinds of webhook configurations, as their paths have them. */
export const CONFIGURATIONS = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'] as const;

/** One webhook configuration. */
export interface WebhookConfigurationPlace {
  readonly client: ClusterClient;
  readonly resource: (typeof CONFIGURATIONS)[number];
  readonly name: string;
}

/** What a configuration's webhooks are to trust, and what no more. */
export interface BundleWish {
  /** By their SHA-256. */
  readonly trusted: ReadonlyMap<string, X509Certificate>;
  /**
   * Gives those of the CAs that a configuration trusts that are to be taken out of it. It is asked after the configuration was
   * read, and only the version that was read is changed: so what it goes by, if it reads it then, cannot be older than
   * what any other replica has put there.
   */
  readonly unwanted?: (present: readonly string[]) => Promise<ReadonlySet<string>>;
}

/** What was found in a configuration, and what was done about it. */
export interface BundleOutcome extends BundleLook {
  /** The names of the webhooks that were changed. */
  readonly mended: readonly string[];
  /** The SHA-256 of each CA that was taken out. */
  readonly removed: readonly string[];
}

/**
 * Sees to it that every webhook of the configuration trusts the CAs of the wish, and those no more that are unwanted, and
 * touches nothing but caBundle. What else a caBundle trusts stays in it: another replica may serve with that, so
 * replicas of different CAs agree. Undefined where there is no such configuration. Rejects as the client does, also when
 * others change the configuration faster than it can be changed here.
 */
export async function putCaBundle(
  place: WebhookConfigurationPlace,
  wish: BundleWish,
  signal: AbortSignal,
): Promise<BundleOutcome | undefined> {
  for (let attempt = 1; ; attempt++) {
    const configuration = await readConfiguration(place, signal);
    if (configuration === undefined) return undefined;
    const look = bundleLook(configuration);
    const unwanted = (await wish.unwanted?.([...look.present.keys()])) ?? new Set<string>();
    const edits = lacking(look, wish, unwanted);
    if (edits.length === 0) return { ...look, mended: [], removed: [] };
    // Positions and bundles are those of this version alone; a version is never given twice, not even to a namesake.
    const test = { op: 'test', path: '/metadata/resourceVersion', value: configuration.metadata.resourceVersion };
    const body = [
      test,
      ...edits.map(({ position, caBundle: value }) => ({ op: 'add', path: bundleOf(position), value })),
    ];
    try {
      const contentType = 'application/json-patch+json';
      await place.client.request('PATCH', pathTo(place), { body, contentType, signal });
      const removed = [...unwanted].filter((sha256) => look.present.has(sha256));
      return { ...look, mended: edits.map((edit) => edit.webhook), removed };
    } catch (error) {
      if (!isOvertaken(error) || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

/** What is in a configuration; undefined where there is none. Rejects as the client does. */
export async function lookAtBundle(
  place: WebhookConfigurationPlace,
  signal: AbortSignal,
): Promise<BundleLook | undefined> {
  const configuration = await readConfiguration(place, signal);
  return configuration === undefined ? undefined : bundleLook(configuration);
}

/** The path of all configurations of a kind. */
export function pathOf(resource: WebhookConfigurationPlace['resource']): string {
  return `/apis/admissionregistration.k8s.io/v1/${resource}`;
}

const MOST_ATTEMPTS = 5;

async function readConfiguration(
  place: WebhookConfigurationPlace,
  signal: AbortSignal,
): Promise<Configuration | undefined> {
  return (await readIfThere(place.client, pathTo(place), signal)) as Configuration | undefined;
}

function pathTo({ resource, name }: WebhookConfigurationPlace): string {
  return `${pathOf(resource)}/${encodeURIComponent(name)}`;
}

/** 422 is a `test` that failed (protocol.md §4.1a); 404, that it was deleted in between: it is looked at again. */
function isOvertaken(error: unknown): boolean {
  return error instanceof ApiError && [404, 409, 422].includes(error.code);
}

function lacking({ webhooks }: BundleLook, { trusted }: BundleWish, unwanted: ReadonlySet<string>) {
  return webhooks.flatMap(({ name: webhook, bundle }, position) => {
    const caBundle = completed(bundle, trusted, unwanted);
    return caBundle === undefined ? [] : [{ webhook, position, caBundle }];
  });
}

function bundleOf(position: number): string {
  return `/webhooks/${position}/clientConfig/caBundle`;
}

/**
 * Undefined where the bundle is as it is wished, and holds nothing that a client could stumble over. Compared are the
 * certificates: people and other programs write the same ones with other line breaks, comments and in another order.
 */
function completed(
  { certificates, isClean }: ReadBundle,
  trusted: BundleWish['trusted'],
  unwanted: ReadonlySet<string>,
): string | undefined {
  const kept = [...certificates].filter(([sha256]) => !unwanted.has(sha256));
  const missing = [...trusted].filter(([sha256]) => !certificates.has(sha256));
  if (missing.length === 0 && kept.length === certificates.size && isClean) return undefined;
  return Buffer.from([...kept, ...missing].map(([, certificate]) => certificate).join('')).toString('base64');
}
