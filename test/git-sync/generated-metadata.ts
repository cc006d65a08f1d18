import type { JsonObject } from '../../webhook/decode.ts';
import { put } from '../patch/objects.ts';
import type { Random } from '../patch/random.ts';
import { prefixed, REPO } from './pods.ts';

/** Labels that ask for both injections in all the ways that there are, by none too, among labels of others. */
export function labels(random: Random): JsonObject {
  const asking = () => (random.chance(0.9) ? 'true' : random.pick(['false', 'True', '']));
  const website = () => ({ website: random.chance(0.98) ? 'kubia' : random.pick(['', '..', 'no such']) });
  const gitSync = random.pick<() => JsonObject>([
    ...[() => ({ 'git-sync': asking() }), () => ({ 'git-sync': asking() })],
    ...[website, () => ({}), () => (random.chance(0.5) ? { ...website(), 'git-sync': asking() } : website())],
  ]);
  return {
    ...strangeMap(random),
    ...prefixed(gitSync()),
    ...(random.chance(0.5) ? prefixed({ 'downward-api': asking() }) : {}),
  };
}

/**
 * The member `annotations`, or none: settings right and now and then wrong, and what others write there. Whoever names a
 * Website seldom says what that says.
 */
export function annotations(
  random: Random,
  { containers, namesWebsite }: { containers: readonly string[]; namesWebsite: boolean },
): JsonObject {
  if (random.chance(0.02)) return random.pick([{}, { annotations: null }, { annotations: {} }]);
  const some = (settings: Settings) =>
    Object.entries(settings).flatMap(([name, { share, right, wrong }]) => {
      if (!random.chance(share)) return [];
      return [[name, random.chance(0.02) ? random.pick(wrong) : random.pick(right)]];
    });
  const fetched = namesWebsite && random.chance(0.98) ? {} : { ...Object.fromEntries(some(FETCHED)), ...shown(random) };
  const container = random.chance(0.2) ? { 'git-container': random.pick([...containers, 'web']) } : {};
  const all = {
    ...strangeMap(random),
    ...ofOthers(random),
    ...prefixed({ ...fetched, ...Object.fromEntries(some(SETTINGS)), ...path(random), ...container }),
  };
  return { annotations: all };
}

/** A repository and a Secret that go with each other, mostly. */
function shown(random: Random): JsonObject {
  if (random.chance(0.6)) return {};
  const repo = random.pick(['git@h.example:r', 'ssh://git@h.example:2222/a/$b', 'https://h.example/r', REPO]);
  const secret = random.chance(0.02) ? random.pick(['../key', 'Key', '']) : random.pick(['key', 'a.b', '0']);
  return { 'git-repo': repo, ...(random.chance(0.97) ? { 'git-secret': secret } : {}) };
}

/** One of two, both now and then, mostly none. */
function path(random: Random): JsonObject {
  const content = () => ({
    'content-path': random.chance(0.02)
      ? random.pick(['/', 'a'])
      : random.pick(['/srv/site/html', '/data/www', '/app/$x']),
  });
  const mount = () => ({
    'mount-path': random.chance(0.02) ? random.pick(['/etc', 'a']) : random.pick(['/srv/site', '/data/$(A)', '/app']),
  });
  if (random.chance(0.005)) return { ...content(), ...mount() };
  return random.chance(0.6) ? {} : random.pick([content, mount])();
}

type Settings = { [name: string]: { share: number; right: readonly unknown[]; wrong: readonly unknown[] } };

const FETCHED: Settings = {
  'git-repo': {
    share: 0.99,
    right: [REPO, 'https://git.example.com:8443/a/b.git', 'https://h.example/$a$$b/%7e', 'https://10.0.0.1/r'],
    wrong: ['', 'http://h.example/r', 'https://u:p@h.example/r', 'git@h.example:r', 'ext::sh', 'https://127.0.0.1/r'],
  },
  'git-ref': { share: 0.4, right: ['main', 'v1.0', 'é', 'deadbee', '$HOME'], wrong: ['--x', 'a..b', ''] },
  'git-period': { share: 0.3, right: ['10s', '1h30m', '24h'], wrong: ['60', '9s'] },
  'git-depth': { share: 0.3, right: ['0', '1', '2147483647'], wrong: ['-1', '010'] },
  'git-submodules': { share: 0.3, right: ['off', 'shallow', 'recursive'], wrong: ['true'] },
};

const SETTINGS: Settings = {
  'git-mode': { share: 0.3, right: ['init', 'sidecar'], wrong: ['cron'] },
  'git-repos': { share: 0.05, right: ['x'], wrong: ['x'] },
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
