import type { JsonObject } from '../../webhook/decode.ts';
import { kubeVersionIn } from '../../webhook/kube-version.ts';
import { anyObject } from '../patch/objects.ts';
import type { Random } from '../patch/random.ts';
import { type Place, SIDECARS } from './chains.ts';
import { REPO } from './pods.ts';

/** An API server of any age, or of one that nobody knows, an operator's word, and what a Website's name leads to there. */
export function generatedPlace(random: Random): Place {
  return { ...generatedServer(random), website: website(random) };
}

/** The same without the Website: a replica of another version, which may know another API server. */
export function generatedServer(random: Random): Omit<Place, 'website'> {
  return { sidecar: random.pick(['auto', ...SIDECARS]), kubeVersion: random.pick(VERSIONS) };
}

const VERSIONS = [undefined, ...['1.20', '1.31', '1.32', '1.36'].map(kubeVersionIn)];

/** As an API server has it, with what it fills in or without, and as it may have been stored while nobody asked. */
function website(random: Random): unknown {
  if (random.chance(0.03)) return undefined;
  const terminating = random.chance(0.02) ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {};
  return {
    apiVersion: 'extensions.example.com/v1',
    kind: 'Website',
    metadata: { name: 'kubia', namespace: 'web', ...terminating },
    ...(random.chance(0.98) ? { spec: spec(random) } : random.pick([{}, { spec: null }, { spec: 'x' }, { spec: [] }])),
    ...(random.chance(0.1) ? { fromAFutureVersion: anyObject(random, 2) } : {}),
  };
}

function spec(random: Random): JsonObject {
  const isBad = random.chance(0.05);
  const some = <T>(name: string, right: readonly T[], wrong: readonly unknown[]): JsonObject => {
    if (isBad && random.chance(0.3)) return { [name]: random.pick(wrong) };
    return random.chance(0.5) ? { [name]: random.chance(0.1) ? null : random.pick(right) } : {};
  };
  const repository = random.pick<() => JsonObject>([
    () => ({ gitRepo: random.pick([REPO, 'https://10.0.0.1/$r', 'https://h.example:8443/a/b']) }),
    () => ({ gitRepo: 'https://h.example/r', credentials: { secretName: random.pick(['key', 'a.b', '0']) } }),
    () => ({ gitRepo: random.pick(['git@h.example:r', 'ssh://h.example:22/r']), credentials: { secretName: 'key' } }),
  ]);
  return {
    ...repository(),
    ...(isBad ? random.pick<JsonObject>(BAD) : {}),
    ...some('ref', ['main', 'v1', 'é', '$HOME'], ['-x', '', 7, {}]),
    ...some('period', ['10s', '1h30m'], ['9s', '60', 60]),
    ...some('depth', [0, 1, 2147483647], [-1, 1.5, '1', 9007199254740992]),
    ...some('submodules', ['off', 'shallow', 'recursive'], ['on', true]),
  };
}

const BAD: readonly JsonObject[] = [
  {},
  { gitRepo: null },
  { gitRepo: 'file:///etc' },
  { gitRepo: 'https://u:p@h.example/r' },
  { gitRepo: { toString: 1 } },
  { gitRepo: 'git@h.example:r', credentials: null },
  { credentials: { secretName: '../key' } },
  { credentials: { secretName: 7 } },
];
