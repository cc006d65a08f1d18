import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rule } from '../../author.ts';
import { downwardApi } from '../../rules/downward-api/downward-api.ts';
import { downwardApiLabel } from '../../rules/downward-api/downward-api-label.ts';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { gitSyncPresent } from '../../rules/git-sync/git-sync-present.ts';
import { outcomeOf } from './outcome-of.ts';

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
const JUNK = [
  'null',
  '7',
  '"x"',
  'true',
  '[]',
  '{}',
  '[null,[],"x",{}]',
  '{"name":{"toString":1},"__proto__":{"a":1}}',
];

for (const rule of [gitSync, gitSyncPresent, downwardApi, downwardApiLabel]) {
  test(`${rule.name} decides on pods with anything anywhere, and is done with them the second time (seed ${SEED})`, () => {
    const random = generator(SEED);
    const decisions = new Set<string>();
    for (let round = 0; round < 400; round++) {
      const pod = round % 2 === 0 ? usualPod() : outcomeOf(gitSync, usualPod()).pod;
      for (let spoilt = 0; spoilt <= random(3); spoilt++) spoil(pod, random);
      decisions.add(decisionOn(rule, pod, round));
    }
    assert.ok(decisions.has('allow'), 'some of them are pods enough to be let through');
  });
}

function decisionOn(rule: Rule, pod: object, round: number): string {
  const first = outcomeOf(rule, pod);
  const shown = `seed ${SEED}, round ${round}: ${JSON.stringify(first.outcome)} for ${JSON.stringify(pod)}`;
  assert.notEqual(first.outcome.decision, 'failure', shown);
  const second = outcomeOf(rule, first.pod);
  assert.notEqual(second.outcome.decision, 'failure', shown);
  if (first.outcome.decision === 'allow') assert.deepEqual(second.patch, [], shown);
  return first.outcome.decision;
}

function usualPod(): object {
  const env = [{ name: 'A', value: '$(POD_NAME)' }];
  const mounts = [{ name: 'data', mountPath: '/data' }];
  return structuredClone({
    metadata: {
      labels: { 'extensions.example.com/git-sync': 'true', 'extensions.example.com/downward-api': 'true' },
      annotations: {
        'extensions.example.com/git-repo': 'https://github.com/o/r',
        'extensions.example.com/git-container': 'web',
        'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes': 'data',
      },
    },
    spec: {
      os: { name: 'linux' },
      nodeSelector: { disk: 'ssd' },
      restartPolicy: 'Always',
      initContainers: [{ name: 'init', env }],
      containers: [{ name: 'web', env, volumeMounts: mounts }, { name: 'log' }],
      ephemeralContainers: [],
      volumes: [{ name: 'data', emptyDir: {} }],
    },
  });
}

/** Puts something else in the place of one value, wherever in the object it is. */
function spoil(root: object, random: (below: number) => number): void {
  const places: { parent: { [key: string]: unknown }; key: string }[] = [];
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      const parent = value as { [key: string]: unknown };
      places.push({ parent, key });
      collect(parent[key]);
    }
  };
  collect(root);
  const place = places[random(places.length)];
  if (place) place.parent[place.key] = JSON.parse(JUNK[random(JUNK.length)] ?? 'null');
}

/** mulberry32: small, and the same everywhere. */
function generator(seed: number): (below: number) => number {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
}
