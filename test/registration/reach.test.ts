import assert from 'node:assert/strict';
import { createHash, randomInt } from 'node:crypto';
import { test } from 'node:test';
import {
  allow,
  ConfigMap,
  CronJob,
  Deployment,
  type Kind,
  kind,
  mutatingRule,
  Namespace,
  type Operation,
  Pod,
  type Rule,
  validatingRule,
} from '../../author.ts';
import { builtInRules } from '../../rules/index.ts';
import type { Review } from '../../webhook/decode.ts';
import { match, type Route, type RulesInForce, rulesInForce } from '../../webhook/match.ts';
import { configurations, pathOf, routes } from '../../webhook/registration.ts';
import { assertAccepted } from './accepted.ts';

const subresource = (parent: Kind, name: string, of: string) =>
  kind<unknown>({ ...parent, resource: `${parent.resource}/${name}`, kind: of });
const KINDS: readonly Kind[] = [
  Pod,
  subresource(Pod, 'exec', 'PodExecOptions'),
  subresource(Pod, 'status', 'Pod'),
  subresource(Deployment, 'scale', 'Scale'),
  ConfigMap,
  Deployment,
  CronJob,
  kind<unknown>({ ...CronJob, version: 'v1beta1' }),
  Namespace,
];
const OPERATIONS: readonly Operation[] = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'];
const ALTERNATIVES = { one: { objectSelector: {} }, two: { namespaceSelector: {} } };

test('every review that the built-in rules register for finds a rule', () => assertReach(builtInRules));

test('every review that any set of rules registers for finds a rule, and every rule is registered for', () => {
  const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
  const random = numbersFrom(seed);
  for (let i = 0; i < 200; i++) {
    const rules = Array.from({ length: 1 + random(6) }, (_, j) => randomRule(`rule-${j}`, random));
    try {
      assertReach(rules);
    } catch (error) {
      throw new Error(`SEED=${seed}, set ${i}: ${rules.map(({ name }) => name)}`, { cause: error });
    }
  }
});

/**
 * What the configurations ask for and what the rules are for is the same: each operation on each resource of each entry
 * finds a rule of that webhook (so nothing is asked for in vain, and no review is answered by 500), and each rule is
 * asked about all that it is for, by every one of its alternatives.
 */
function assertReach(rules: readonly Rule[]): void {
  const inForce = rulesInForce(rules.map((rule) => ({ rule, settings: {}, mode: 'enforce' as const })));
  const places = new Map(routes(inForce).map((route) => [pathOf(route), route]));
  const asked = new Set<string>();
  for (const configuration of registeredOf(inForce)) {
    assertAccepted(configuration);
    for (const { clientConfig, rules: scope } of configuration.webhooks) {
      const { path } = (clientConfig as { service: { path: string } }).service;
      const route = places.get(path);
      assert.ok(route !== undefined, `the server answers ${path}`);
      for (const { operations, apiGroups, apiVersions, resources } of scope) {
        for (const operation of operations)
          for (const group of apiGroups)
            for (const version of apiVersions)
              for (const resource of resources) {
                const found = matching(inForce, route, operation, { group, version, resource });
                assert.ok(found.length > 0, `${path} ${operation} ${group}/${version} ${resource} finds a rule`);
                for (const rule of found) asked.add([path, rule.name, operation, group, version, resource].join(' '));
              }
      }
    }
  }
  assert.deepEqual([...asked].sort(), [...new Set(rules.flatMap(wanted))].sort());
}

function registeredOf(inForce: RulesInForce) {
  const target = { service: { name: 'gate', namespace: 'gate' } };
  return configurations(inForce, {
    name: 'portcullis',
    domain: 'hooks.example.org',
    target,
    kubeVersion: { major: 1, minor: 36 },
  });
}

function matching(
  inForce: RulesInForce,
  route: Route,
  operation: Operation,
  { group, version, resource }: { group: string; version: string; resource: string },
): Rule[] {
  const [parent = '', subResource = ''] = resource.split('/');
  const token = [...KINDS, ...builtInRules.flatMap(({ kinds }) => kinds)].find(
    (known) => known.group === group && known.version === version && known.resource === resource,
  );
  const review = {
    operation,
    resource: { group, version, resource: parent },
    subResource,
    kind: { group, version, kind: token?.kind ?? '' },
  } as Review;
  return match(inForce, route, review).map(({ rule }) => rule);
}

function wanted(rule: Rule): string[] {
  const selectors = Object.keys(rule.routing.selectors ?? {});
  const base = { phase: rule.phase, webhook: rule.routing.webhook ?? 'policy' };
  const own: Route[] = selectors.length === 0 ? [base] : selectors.map((selector) => ({ ...base, selector }));
  return own.flatMap((route) =>
    rule.kinds.flatMap(({ group, version, resource }) =>
      rule.operations.map((operation) => [pathOf(route), rule.name, operation, group, version, resource].join(' ')),
    ),
  );
}

function randomRule(name: string, random: (below: number) => number): Rule {
  const some = <T>(list: readonly T[]): T[] => {
    const taken = list.filter(() => random(3) === 0);
    return taken.length > 0 ? taken : [list[random(list.length)] as T];
  };
  const webhook = ['policy', 'own', 'other'][random(3)] as string;
  // Rules of one webhook agree, so that what an alternative is follows from the webhook's name.
  const routing = webhook === 'other' ? { webhook, selectors: ALTERNATIVES } : { webhook };
  const kinds = some(KINDS);
  if (random(2) === 0) {
    return validatingRule({ name, kind: kinds, operations: some(OPERATIONS), ...routing, validate: () => allow() });
  }
  const operations = some(OPERATIONS.filter((operation) => operation !== 'DELETE'));
  return mutatingRule({ name, kind: kinds, operations, ...routing, mutate: () => undefined });
}

/** Numbers that look random and are the same for the same seed. */
function numbersFrom(seed: number): (below: number) => number {
  let count = 0;
  return (below) => createHash('sha256').update(`${seed} ${count++}`).digest().readUInt32LE() % below;
}
