import type { JsonObject } from '../../webhook/decode.ts';
import type { Random } from './random.ts';

/**
 * Keys that are data to Kubernetes and something else to a pointer, to JavaScript or to a list. None ends in a
 * backslash: once it has read one, JSON.parse takes other keys for it (nodejs/node#63785).
 */
const KEYS = [
  ...['name', 'mountPath', 'containerPort', 'protocol', 'a', 'b', 'c', 'd', '', '~', '/', '~1', 'a/b', 'a~b', '~0/'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'toJSON', 'then', 'length', '0', '1', '-'],
  ...['é', '日本', '💥', 'with space', '"', '\\n', '\n'],
];
const TEXTS = ['a', 'b', 'c', '', 'é', '日本', '💥', '\ud800', '\u0000', 'x/y', '~', '0', 'null'];
const NUMBERS = [
  0,
  -0,
  1,
  2,
  -1,
  0.1,
  1.5,
  -2.25,
  1e-7,
  5e-324,
  2 ** 53 - 1,
  -(2 ** 53 - 1),
  1.7976931348623157e308 / 3e300,
];

/** Any JSON value; `size` bounds both its depth and its breadth. Integers are safe ones. */
export function anyValue(random: Random, size: number): unknown {
  const kind = random.below(size > 0 ? 9 : 5);
  if (kind === 0) return null;
  if (kind === 1) return random.chance(0.5);
  if (kind === 2) return random.pick(NUMBERS);
  if (kind <= 4) return random.pick(TEXTS);
  return kind <= 6 ? anyObject(random, size - 1) : anyList(random, size - 1);
}

/** An object of any members; `size` bounds its depth and its breadth. */
export function anyObject(random: Random, size: number): JsonObject {
  const object: JsonObject = {};
  for (let i = random.below(size + 2); i > 0; i--) put(object, random.pick(KEYS), anyValue(random, size));
  return object;
}

/** Lists as Kubernetes has them (keyed, some keys twice), of plain values with duplicates, of lists, of anything. */
function anyList(random: Random, size: number): unknown[] {
  const element = random.pick([
    () => random.pick(TEXTS),
    () => ({ name: random.pick(TEXTS), value: anyValue(random, size - 1) }),
    () => ({ name: 'data', mountPath: random.pick(TEXTS), readOnly: random.chance(0.5) }),
    () => ({
      containerPort: random.below(4),
      ...(random.chance(0.6) ? { protocol: random.pick(['TCP', 'UDP', anyValue(random, 1)]) } : {}),
    }),
    () => anyList(random, size - 1),
    () => anyValue(random, size),
  ]);
  return listOf(random, size + 2, element);
}

/** Something like a Pod, with everything that its lists may hold; `size` bounds their lengths. */
export function podLike(random: Random, size: number): JsonObject {
  const names = ['app', 'proxy', 'log', 'git', 'db'];
  const env = () => ({ name: random.pick(['A', 'B', 'C', 'D']), value: random.pick(TEXTS) });
  const mount = () => ({ name: 'data', mountPath: `/${random.pick(['a', 'b', 'c', 'd'])}` });
  const container = () => ({
    name: random.pick(names),
    image: random.pick(['one', 'two']),
    args: listOf(random, size, () => random.pick(['-v', '-v', '--all', ''])),
    ...(random.chance(0.8) ? { env: listOf(random, size, env) } : {}),
    volumeMounts: listOf(random, size, mount),
    ports: listOf(random, size, () => ({ containerPort: random.below(5), protocol: random.pick(['TCP', 'UDP']) })),
    resources: random.chance(0.5) ? {} : { limits: { cpu: '1', memory: null } },
  });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'p',
      creationTimestamp: null,
      labels: random.chance(0.2) ? null : { 'app.kubernetes.io/name': 'web', 'a~b': 'c' },
      finalizers: listOf(random, size, () => random.pick(['x/one', 'x/two'])),
    },
    spec: {
      containers: listOf(random, size, container),
      initContainers: listOf(random, 2, container),
      volumes: listOf(random, size, () => ({ name: random.pick(names), emptyDir: {} })),
      tolerations: listOf(random, size, () => ({ key: random.pick(TEXTS), operator: 'Exists' })),
      extra: anyValue(random, size),
    },
  };
}

/** Sets a member, as data whatever its name. */
export function put(object: JsonObject, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, configurable: true, enumerable: true, writable: true });
}

function listOf(random: Random, limit: number, element: () => unknown): unknown[] {
  return Array.from({ length: random.below(limit + 1) }, element);
}
