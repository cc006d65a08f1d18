import { allow, ConfigMap, deny, kind, mutatingRule, validatingRule } from '../../author.ts';
import { findCases } from '../../replay/find-cases.ts';
import type { Replayed } from '../../replay/replay-case.ts';
import { run } from '../../replay/run.ts';
import { configMap, contextOf, type Files, folderOf, type InForce } from './case-files.ts';

const Shelf = kind<{ spec: { boards?: number } }>({
  group: 'example.com',
  version: 'v1',
  kind: 'Shelf',
  resource: 'shelves',
  scope: 'Namespaced',
});

/** A key is refused, to everybody but Jane, and never changed. */
const noX = validatingRule({
  name: 'no-x',
  kind: ConfigMap,
  operations: ['CREATE', 'UPDATE', 'DELETE'],
  validate({ data = {} }, { request, oldObject }) {
    const { operation, userInfo, dryRun } = request;
    if (operation === 'DELETE' && userInfo.username !== 'jane') deny('only jane deletes');
    if (operation === 'UPDATE' && oldObject?.data?.y !== data.y) deny('y is frozen');
    if (data.x !== undefined) deny(`no x: "${data.x}"`);
    return dryRun ? allow('nothing is stored') : allow();
  },
});
const labels = mutatingRule({
  name: 'labels',
  kind: ConfigMap,
  operations: ['CREATE'],
  webhook: 'labels',
  selectors: {
    prod: { namespaceSelector: { matchLabels: { stage: 'prod' } } },
    asked: { objectSelector: { matchLabels: { add: 'b' } } },
  },
  mutate({ metadata, data }) {
    metadata.finalizers = ['a/b', 'a/c'];
    if (data?.z !== undefined) data.z = 'seen';
  },
});
const boards = validatingRule({
  name: 'boards',
  kind: Shelf,
  operations: ['CREATE'],
  validate: ({ spec }) => (spec.boards === 3 ? allow() : deny('three boards')),
});
const rules = [noX, labels, boards];

/** A ConfigMap that every rule admits. */
export const plain = configMap();
/** One that `no-x` refuses. */
export const withX = configMap({ data: { x: '<&"' } });
/** One that asks for what `labels` adds. */
export const asking = configMap({
  metadata: { name: 'a', namespace: 'web', labels: { add: 'b' } },
  data: { z: 'new' },
});
/** What is expected of it. */
export const labelled = {
  verdict: 'patched',
  responses: [
    {
      webhook: 'asked.labels.example.com',
      phase: 'mutating',
      rules: { labels: 'mutate' },
      allowed: true,
      patch: [
        { op: 'add', path: '/metadata/finalizers', value: ['a/b', 'a/c'] },
        { op: 'replace', path: '/data/z', value: 'seen' },
      ],
    },
    { webhook: 'policy.example.com', phase: 'validating', rules: { 'no-x': 'allow' }, allowed: true },
  ],
};
/** The CRD of shelves. */
export const shelves = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'shelves.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Shelf', plural: 'shelves' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', properties: { boards: { type: 'integer', default: 3, maximum: 9 } } },
            },
          },
        },
      },
    ],
  },
};

/** Replays all cases that these files are, with these rules in force. */
export async function replayedAll(
  t: Parameters<typeof folderOf>[0],
  files: Files,
  inForce: InForce = {},
): Promise<readonly Replayed[]> {
  const root = folderOf(t, files);
  const context = contextOf(rules, root, inForce);
  return (await run(findCases([root], context.shown), context)).cases;
}

/** A shelf of so many boards. */
export function shelf(boards?: number): object {
  return {
    apiVersion: 'example.com/v1',
    kind: 'Shelf',
    metadata: { name: 'a' },
    spec: boards === undefined ? {} : { boards },
  };
}

/** What is expected where one rule denies with this text. */
export function denied(message: string, rule = 'no-x'): object {
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'Forbidden',
    code: 403,
  };
  return {
    verdict: 'denied',
    responses: [
      { webhook: 'policy.example.com', phase: 'validating', rules: { [rule]: 'deny' }, allowed: false, status },
    ],
  };
}
