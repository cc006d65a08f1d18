import {
  allow,
  type Kind,
  mutatingRule,
  type Operation,
  type Routing,
  type Rule,
  validatingRule,
} from '../../author.ts';
import { NEWEST_KUBE_VERSION } from '../../webhook/kube-version.ts';
import { type RulesInForce, rulesInForce } from '../../webhook/match.ts';
import { configurations, type Registration } from '../../webhook/registration.ts';
import { assertAccepted } from './accepted.ts';

const registration: Registration = {
  name: 'portcullis',
  domain: 'hooks.example.org',
  target: { service: { name: 'gate', namespace: 'gate-system' } },
  kubeVersion: NEWEST_KUBE_VERSION,
};

/** A validating rule that is only ever registered. */
export function validating(
  name: string,
  kinds: Kind | readonly Kind[],
  operations: Operation[],
  routing: Routing = {},
): Rule {
  return validatingRule({ name, kind: kinds, operations, ...routing, validate: () => allow() });
}

/** A mutating rule that is only ever registered. */
export function mutating(
  name: string,
  kinds: Kind,
  operations: Exclude<Operation, 'DELETE'>[],
  routing: Routing = {},
): Rule {
  return mutatingRule({ name, kind: kinds, operations, ...routing, mutate: () => undefined });
}

function inForce(rules: readonly Rule[], ignored: readonly string[] = []): RulesInForce {
  return rulesInForce(
    rules.map((rule) => ({ rule, settings: {}, mode: 'enforce' })),
    ignored,
  );
}

/** The configurations of these rules, for the Service `gate`; each is one that the API server accepts. */
export function registered(rules: readonly Rule[], ignored: readonly string[] = [], more: Partial<Registration> = {}) {
  const all = configurations(inForce(rules, ignored), { ...registration, ...more });
  for (const configuration of all) assertAccepted(configuration);
  return all;
}

/** The entries for these rules, with what a test is about. */
export function entries(
  rules: readonly Rule[],
  members: readonly string[],
  ignored?: readonly string[],
  more?: object,
) {
  const webhooks = registered(rules, ignored, more).flatMap((configuration) => configuration.webhooks);
  return webhooks.map((entry) => Object.fromEntries(members.map((member) => [member, entry[member]])));
}
