import { X509Certificate } from 'node:crypto';
import { ApiError } from '../cluster/api-error.ts';
import type { ClusterClient } from '../cluster/client.ts';
import { readIfThere } from '../cluster/read-if-there.ts';
import { pemBlocks } from './pem.ts';

/** The two kinds of webhook configurations, as their paths have them. */
export const CONFIGURATIONS = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'] as const;

/** One webhook configuration. */
export interface WebhookConfigurationPlace {
  readonly client: ClusterClient;
  readonly resource: (typeof CONFIGURATIONS)[number];
  readonly name: string;
}

/**
 * Sees to it that every webhook of the configuration trusts the CAs of the PEM `trusted`, and touches nothing but
 * caBundle. What a caBundle trusts already stays in it: another replica may serve with that, so replicas of different
 * CAs agree. Gives the names of the webhooks that lacked one; undefined where there is no such configuration. Rejects
 * as the client does, also when others change the configuration faster than it can be changed here.
 */
export async function putCaBundle(
  { client, resource, name }: WebhookConfigurationPlace,
  trusted: string,
  signal: AbortSignal,
): Promise<string[] | undefined> {
  const path = `${pathOf(resource)}/${encodeURIComponent(name)}`;
  for (let attempt = 1; ; attempt++) {
    const configuration = (await readIfThere(client, path, signal)) as Configuration | undefined;
    if (configuration === undefined) return undefined;
    const edits = lacking(configuration, trusted);
    if (edits.length === 0) return [];
    // Positions and bundles are those of this version alone; a version is never given twice, not even to a namesake.
    const test = { op: 'test', path: '/metadata/resourceVersion', value: configuration.metadata.resourceVersion };
    const body = [
      test,
      ...edits.map(({ position, caBundle: value }) => ({ op: 'add', path: bundleOf(position), value })),
    ];
    try {
      await client.request('PATCH', path, { body, contentType: 'application/json-patch+json', signal });
      return edits.map((edit) => edit.webhook);
    } catch (error) {
      if (!isOvertaken(error) || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

/** The path of all configurations of a kind. */
export function pathOf(resource: WebhookConfigurationPlace['resource']): string {
  return `/apis/admissionregistration.k8s.io/v1/${resource}`;
}

/** What of a configuration is looked at (admissionregistration.k8s.io/v1). */
interface Configuration {
  readonly metadata: { readonly resourceVersion: string };
  readonly webhooks?: readonly { readonly name: string; readonly clientConfig: { readonly caBundle?: string } }[];
}

const MOST_ATTEMPTS = 5;

/** 422 is a `test` that failed (protocol.md §4.1a); 404, that it was deleted in between: it is looked at again. */
function isOvertaken(error: unknown): boolean {
  return error instanceof ApiError && [404, 409, 422].includes(error.code);
}

function lacking({ webhooks = [] }: Configuration, trusted: string) {
  return webhooks.flatMap(({ name: webhook, clientConfig }, position) => {
    const caBundle = completed(clientConfig.caBundle, trusted);
    return caBundle === undefined ? [] : [{ webhook, position, caBundle }];
  });
}

function bundleOf(position: number): string {
  return `/webhooks/${position}/clientConfig/caBundle`;
}

/**
 * Undefined where the bundle trusts all CAs, and holds nothing that a client could stumble over. Compared are the
 * certificates: people and other programs write the same ones with other line breaks, comments and in another order.
 */
function completed(base64: string | undefined, trusted: string): string | undefined {
  const blocks = pemBlocks(Buffer.from(base64 ?? '', 'base64').toString());
  const present = blocks.flatMap((block) => certificate(block) ?? []);
  const known = new Set(present.map(({ fingerprint256 }) => fingerprint256));
  const missing = pemBlocks(trusted).flatMap((block) => {
    const wanted = certificate(block);
    if (wanted === undefined || known.has(wanted.fingerprint256)) return [];
    known.add(wanted.fingerprint256);
    return [wanted];
  });
  if (missing.length === 0 && present.length === blocks.length) return undefined;
  return Buffer.from([...present, ...missing].join('')).toString('base64');
}

function certificate(block: string): X509Certificate | undefined {
  try {
    return new X509Certificate(block);
  } catch {
    return undefined;
  }
}
