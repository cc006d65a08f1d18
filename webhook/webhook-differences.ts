import { isRecord, type JsonObject } from './decode.ts';
import type { Webhook, WebhookConfiguration } from './registration.ts';
import { shownOnOneLine } from './shown.ts';
import { settled } from './webhook-defaults.ts';

/** Whose address counts: `service` that of the generated webhooks; `path` no more than its path, for a server that people may have registered wherever they reach it. */
export type Target = 'service' | 'path';

/**
 * What sets a configuration that an API server has apart from the generated one, in words, one line each: nothing where
 * API servers ask the same of the same place. What they fill in is no difference, nor is the caBundle, which others put in,
 * nor metadata.
 */
export function webhookDifferences(generated: WebhookConfiguration, live: JsonObject, target: Target): string[] {
  const found = webhooksIn(live);
  const names = generated.webhooks.map(({ name }) => name);
  const common = names.filter((name) => found.has(name));
  const order = [...found.keys()].filter((name) => names.includes(name));
  return [
    ...generated.webhooks.flatMap((webhook) => {
      const other = found.get(webhook.name);
      if (other === undefined) return [`${webhook.name}: it is not registered`];
      return differencesOf(webhook, other, { kind: generated.kind, target }).map((text) => `${webhook.name}: ${text}`);
    }),
    ...extraWebhooks(generated, live).map((name) => `${shownOnOneLine(name, MOST)}: no rule in force is for it`),
    ...(common.join() === order.join() ? [] : [`the order is ${order.join(', ')}, generated is ${common.join(', ')}`]),
  ];
}

/** The names of webhooks that are registered, and are for no rule in force. */
export function extraWebhooks({ webhooks }: WebhookConfiguration, live: JsonObject): string[] {
  return [...webhooksIn(live).keys()].filter((name) => webhooks.every((webhook) => webhook.name !== name));
}

/** Of a value that is quoted: a selector may be long, and the beginning tells which it is. */
const MOST = 300;

/** By their names, which API servers keep unique. */
function webhooksIn({ webhooks }: JsonObject): Map<string, JsonObject> {
  const all = (Array.isArray(webhooks) ? webhooks : []).filter(isRecord);
  return new Map(all.map((webhook) => [String(webhook.name), webhook]));
}

function differencesOf(
  generated: Webhook,
  live: JsonObject,
  { kind, target }: { kind: WebhookConfiguration['kind']; target: Target },
): string[] {
  const is = (what: string, one = 'not set', other = 'not set') =>
    one === other ? [] : [`${what} is ${shownOnOneLine(one, MOST)}, generated is ${shownOnOneLine(other, MOST)}`];
  const wanted = settled(generated, kind);
  const address = [addressOf(live.clientConfig), addressOf(generated.clientConfig)] as const;
  const isFine = target === 'path' && address[0]?.endsWith(pathOf(address[1]));
  return [
    ...(isFine ? [] : is('clientConfig', ...address)),
    ...scopeDifferences(generated, live),
    ...[...settled(live, kind)].flatMap(([name, value]) => is(name, value, wanted.get(name))),
  ];
}

/** Where API servers call it: a URL in both cases, the Service's as they write it in their messages. */
function addressOf(clientConfig: unknown): string | undefined {
  if (!isRecord(clientConfig)) return undefined;
  const { url, service } = clientConfig;
  if (!isRecord(service)) return typeof url === 'string' ? url : undefined;
  const { namespace, name, port = 443, path = '' } = service;
  return `https://${name}.${namespace}.svc:${port}${path}`;
}

function pathOf(address = ''): string {
  return URL.parse(address)?.pathname ?? address;
}

/** By what comes of the lists: an API server asks for each operation on each resource of each version. */
function scopeDifferences(generated: Webhook, live: JsonObject): string[] {
  const wanted = scopeOf(generated);
  const found = scopeOf(live);
  const lacking = wanted.difference(found);
  const besides = found.difference(wanted);
  const named = (all: ReadonlySet<string>) => shownOnOneLine([...all].join(', '), MOST);
  return [
    ...(lacking.size === 0 ? [] : [`it is not asked for ${named(lacking)}`]),
    ...(besides.size === 0 ? [] : [`it is asked for ${named(besides)} too, which no rule in force is for`]),
  ];
}

function scopeOf({ rules }: JsonObject | Webhook): Set<string> {
  const all = (Array.isArray(rules) ? rules : []).filter(isRecord);
  return new Set(
    all.flatMap(({ operations, apiGroups, apiVersions, resources, scope = '*' }) =>
      texts(operations).flatMap((operation) =>
        texts(apiGroups).flatMap((group) =>
          texts(apiVersions).flatMap((version) =>
            texts(resources).map(
              (resource) =>
                `${operation} ${group === '' ? '' : `${group}/`}${version} ${resource}${scope === '*' ? '' : ` (${scope})`}`,
            ),
          ),
        ),
      ),
    ),
  );
}

function texts(list: unknown): string[] {
  return Array.isArray(list) ? list.map(String) : [];
}
