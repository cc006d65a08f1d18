import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { ControlPlane } from '../control-plane.ts';
import { eventually } from '../eventually.ts';
import { GIT_REPO, GIT_SYNC, KUBIA } from '../objects.ts';
import { atTokenPath } from './token-mounts.ts';

/** Where to make the pods, and in what kind of volume this API server hands out tokens. */
export interface TokensIn {
  readonly namespace: string;
  readonly volume: 'secret' | 'projected';
}

/** `undefined`: it does not say whether its token is mounted, which is a yes. */
const CASES: readonly { sentence: string; account?: boolean; pod?: boolean; hasToken: boolean }[] = [
  { sentence: 'where nobody says anything', hasToken: true },
  { sentence: 'where the pod wants none', pod: false, hasToken: false },
  { sentence: 'where the ServiceAccount gives none', account: false, hasToken: false },
  {
    sentence: 'where the pod wants one that its ServiceAccount would not give',
    account: false,
    pod: true,
    hasToken: true,
  },
];

/**
 * What ServiceAccount admission makes of an injected pod: the author's containers have the token whenever they would have it
 * without git-sync, and git-sync never has it, as a container beside them and before them.
 */
export async function tokens(t: TestContext, plane: ControlPlane, { namespace, volume }: TokensIn): Promise<void> {
  const inNamespace = `--namespace=${namespace}`;
  const create = async (object: object, ...flags: readonly string[]) => {
    const args = ['create', inNamespace, ...flags, '-f', '-', '-o', 'json'];
    return JSON.parse((await plane.succeeded(args, { input: JSON.stringify(object) })).stdout);
  };
  for (const [name, mounts] of Object.entries({ gives: undefined, 'gives-none': false })) {
    await create({ ...account(name), ...(mounts === undefined ? {} : { automountServiceAccountToken: mounts }) });
    // On older servers a Pod is refused until the controller manager has made the account's token, a Secret.
    const plain = withoutRequest(askingPod('sidecar', { serviceAccountName: name }));
    await eventually(`a pod of ${name}`, () => create(plain, '--dry-run=server'));
  }

  for (const mode of ['sidecar', 'init'] as const) {
    for (const { sentence, account = true, pod, hasToken } of CASES) {
      await t.test(`${sentence}: ${mode}`, async () => {
        const says = pod === undefined ? {} : { automountServiceAccountToken: pod };
        const asked = askingPod(mode, { serviceAccountName: account ? 'gives' : 'gives-none', ...says });
        const { metadata } = await create(asked);
        const stored = await plane.json(['get', 'pod', metadata.name, inNamespace]);
        const token = hasToken ? volume : 'none';
        // An empty directory of git-sync's own is in the place, so that nothing else is mounted there.
        assert.deepEqual(atTokenPath(stored), { 'git-sync': 'emptyDir', setup: token, web: token, proxy: token });
      });
    }
  }

  await t.test('and without git-sync the same pod has tokens everywhere', async () => {
    const stored = await create(withoutRequest(askingPod('sidecar', { serviceAccountName: 'gives' })));
    assert.deepEqual(atTokenPath(stored), { setup: volume, web: volume, proxy: volume });
  });
}

function account(name: string): object {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } };
}

function withoutRequest({ metadata: { generateName }, ...pod }: ReturnType<typeof askingPod>): object {
  return { ...pod, metadata: { generateName } };
}

/** Three containers of its author's, and a request for the fourth. */
function askingPod(mode: string, spec: object) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: 'asks-',
      labels: { [GIT_SYNC]: 'true' },
      annotations: { [GIT_REPO]: KUBIA, 'extensions.example.com/git-mode': mode },
    },
    spec: {
      ...spec,
      initContainers: [{ name: 'setup', image: 'busybox:1.37' }],
      containers: [
        { name: 'web', image: 'nginx:1.29' },
        { name: 'proxy', image: 'envoy:1.35' },
      ],
    },
  };
}
