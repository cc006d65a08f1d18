import type { JsonObject } from '../../webhook/decode.ts';
import { put } from '../patch/objects.ts';
import type { Random } from '../patch/random.ts';
import { prefixed, REPO } from './pods.ts';

/** Labels that ask for both injections in all the ways that there are, among labels of others. */
export function labels(random: Random): JsonObject {
  const asking = () => (random.chance(0.9) ? 'true' : random.pick(['false', 'True', '']));
  return {
    ...strangeMap(random),
    ...(random.chance(0.95) ? prefixed({ 'git-sync': asking() }) : {}),
    ...(random.chance(0.5) ? prefixed({ 'downward-api': asking() }) : {}),
    ...(random.chance(0.01) ? prefixed({ website: 'kubia' }) : {}),
  };
}

/** The member `annotations`, or none: settings right and now and then wrong, and what others write there. */
export function annotations(random: Random, containers: readonly string[]): JsonObject {
  if (random.chance(0.02)) return random.pick([{}, { annotations: null }, { annotations: {} }]);
  const settings = Object.entries(SETTINGS).flatMap(([name, { share, right, wrong }]) => {
    if (!random.chance(share)) return [];
    return [[name, random.chance(0.02) ? random.pick(wrong) : random.pick(right)]];
  });
  const container = random.chance(0.2) ? { 'git-container': random.pick([...containers, 'web']) } : {};
  const all = {
    ...strangeMap(random),
    ...ofOthers(random),
    ...prefixed({ ...Object.fromEntries(settings), ...container }),
  };
  return { annotations: all };
}

const SETTINGS: { [name: string]: { share: number; right: readonly unknown[]; wrong: readonly unknown[] } } = {
  'git-repo': {
    share: 0.99,
    right: [REPO, 'https://git.example.com:8443/a/b.git', 'https://h.example/$a$$b/%7e', 'https://10.0.0.1/r'],
    wrong: ['', 'http://h.example/r', 'https://u:p@h.example/r', 'git@h.example:r', 'ext::sh', 'https://127.0.0.1/r'],
  },
  'git-ref': { share: 0.4, right: ['main', 'v1.0', 'é', 'deadbee', '$HOME'], wrong: ['--x', 'a..b', ''] },
  'git-period': { share: 0.3, right: ['10s', '1h30m', '24h'], wrong: ['60', '9s'] },
  'git-depth': { share: 0.3, right: ['0', '1', '2147483647'], wrong: ['-1', '010'] },
  'git-submodules': { share: 0.3, right: ['off', 'shallow', 'recursive'], wrong: ['true'] },
  'git-mode': { share: 0.3, right: ['init', 'sidecar'], wrong: ['cron'] },
  'content-path': { share: 0.2, right: ['/srv/site/html', '/data/www', '/app/$x'], wrong: ['/', 'a'] },
  'git-repos': { share: 0.05, right: ['x'], wrong: ['x'] },
  'git-secret': { share: 0.01, right: ['key'], wrong: ['key'] },
};

function ofOthers(random: Random): JsonObject {
  return {
    ...(random.chance(0.2) ? { 'kubectl.kubernetes.io/default-container': 'web' } : {}),
    ...(random.chance(0.2)
      ? { 'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes': random.pick(['', 'a', 'a, git-sync-tmp']) }
      : {}),
    ...(random.chance(0.1) ? { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' } : {}),
    ...(random.chance(0.01) ? { 'kubernetes.io/config.mirror': '5b1f' } : {}),
  };
}

const TEXTS = ['', 'a', 'é日本💥', '"quoted"\n', '\u2028', '~/~1', '{"a":null}'];

/** Keys that are data to Kubernetes and something else to JavaScript or to a pointer. */
function strangeMap(random: Random): JsonObject {
  const map: JsonObject = {};
  for (let left = random.below(4); left > 0; left--) {
    put(map, random.pick(['__proto__', 'constructor', 'a/b~c', 'é', 'toString', '', 'app']), random.pick(TEXTS));
  }
  return map;
}
