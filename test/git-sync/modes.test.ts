import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { gitSyncPresent } from '../../rules/git-sync/git-sync-present.ts';
import { kubeVersionIn } from '../../webhook/kube-version.ts';
import { outcomeOf } from '../pod/outcome-of.ts';
import { gitSyncIn, type RunsAs } from './git-sync-in.ts';
import { webPod } from './pods.ts';

/** What a pod gets whose containers are restarted always, and one whose are not. */
const table: { sidecar: string; version: string | undefined; goesOn: RunsAs; ends: RunsAs }[] = [
  { sidecar: 'auto', version: undefined, goesOn: 'classic', ends: 'once' },
  { sidecar: 'auto', version: '1.20', goesOn: 'classic', ends: 'once' },
  { sidecar: 'auto', version: '1.31', goesOn: 'classic', ends: 'once' },
  { sidecar: 'auto', version: '1.32', goesOn: 'native', ends: 'native' },
  { sidecar: 'auto', version: '1.36', goesOn: 'native', ends: 'native' },
  { sidecar: 'native', version: undefined, goesOn: 'native', ends: 'native' },
  { sidecar: 'native', version: '1.20', goesOn: 'native', ends: 'native' },
  { sidecar: 'native', version: '1.31', goesOn: 'native', ends: 'native' },
  { sidecar: 'native', version: '1.32', goesOn: 'native', ends: 'native' },
  { sidecar: 'native', version: '1.36', goesOn: 'native', ends: 'native' },
  { sidecar: 'classic', version: undefined, goesOn: 'classic', ends: 'once' },
  { sidecar: 'classic', version: '1.20', goesOn: 'classic', ends: 'once' },
  { sidecar: 'classic', version: '1.31', goesOn: 'classic', ends: 'once' },
  { sidecar: 'classic', version: '1.32', goesOn: 'classic', ends: 'once' },
  { sidecar: 'classic', version: '1.36', goesOn: 'classic', ends: 'once' },
];
for (const { sidecar, version, goesOn, ends } of table) {
  const server = version === undefined ? 'a server of any age' : `a server ${version}`;
  test(`sidecar ${sidecar}, ${server}: ${goesOn} where the pod goes on, ${ends} where it ends by itself`, () => {
    for (const [restartPolicy, expected] of [
      [undefined, goesOn],
      [null, goesOn],
      ['Always', goesOn],
      ['OnFailure', ends],
      ['Never', ends],
    ] as const) {
      for (const mode of [undefined, 'sidecar', 'init']) {
        const pod = injected({ sidecar, version }, { restartPolicy }, mode);
        const { runsAs } = gitSyncIn(pod);
        assert.equal(runsAs, mode === 'init' ? 'once' : expected, `restartPolicy ${restartPolicy}, git-mode ${mode}`);
        runsThatWay[runsAs](pod);
      }
    }
  });
}

/** What each way of running is, besides its place. */
const runsThatWay: { readonly [way in RunsAs]: (pod: unknown) => void } = {
  native(pod) {
    const { container, list } = gitSyncIn(pod);
    assert.deepEqual(list, ['git-sync', 'render'], "started before the pod's own");
    assert.ok(goesOnFetching(container.args), container.args.join(' '));
    assert.ok(container.startupProbe, 'the others wait for the content');
    assert.equal(defaultContainer(pod), undefined, 'it is none that kubectl would choose from');
  },
  classic(pod) {
    const { container, list } = gitSyncIn(pod);
    assert.deepEqual(list, ['web', 'git-sync'], 'after those that kubectl and people know');
    assert.ok(goesOnFetching(container.args), container.args.join(' '));
    assert.ok(container.startupProbe, 'the pod is not ready without its content');
    assert.ok(!('restartPolicy' in container), 'which old API servers do not know');
    assert.equal(defaultContainer(pod), 'web');
  },
  once(pod) {
    const { container, list } = gitSyncIn(pod);
    assert.deepEqual(list, ['git-sync', 'render'], "the pod's own init containers find the content");
    assert.ok(container.args.includes('--one-time') && !goesOnFetching(container.args), container.args.join(' '));
    // The API server refuses an init container that ends and has a probe.
    assert.ok(!('startupProbe' in container) && !('restartPolicy' in container));
    assert.equal(defaultContainer(pod), undefined, 'nothing runs on beside the one that is there');
  },
};

const own = { name: 'render', image: 'busybox' };
const istio = { name: 'istio-proxy', image: 'proxy', restartPolicy: 'Always' };
const linkerd = { name: 'linkerd-proxy', image: 'proxy', restartPolicy: 'Always' };
const places: { given: string; initContainers: unknown[]; list: (string | undefined)[] }[] = [
  {
    given: 'the proxy of Istio behind what sets up its network',
    initContainers: [{ name: 'istio-init' }, istio, own],
    list: ['istio-init', 'istio-proxy', 'git-sync', 'render'],
  },
  {
    given: 'the proxy of Linkerd, first of all',
    initContainers: [linkerd, { name: 'linkerd-init' }, own],
    list: ['linkerd-proxy', 'git-sync', 'linkerd-init', 'render'],
  },
  { given: 'nothing but a proxy', initContainers: [null, istio], list: [undefined, 'istio-proxy', 'git-sync'] },
  {
    given: 'what sets up the network for a proxy that is no init container',
    initContainers: [own, { name: 'istio-init' }],
    list: ['git-sync', 'render', 'istio-init'],
  },
  {
    given: 'an init container of the name of a proxy, which ends',
    initContainers: [{ name: 'istio-proxy' }, own],
    list: ['git-sync', 'istio-proxy', 'render'],
  },
  {
    given: 'a native sidecar of the pod itself',
    initContainers: [own, { name: 'cache', restartPolicy: 'Always' }],
    list: ['git-sync', 'render', 'cache'],
  },
];
for (const { given, initContainers, list } of places) {
  test(`${given}: git-sync is where it has a network, and before all that may need its content`, () => {
    for (const mode of [undefined, 'init']) {
      const pod = injected({ sidecar: 'native' }, { initContainers }, mode);
      assert.deepEqual(gitSyncIn(pod).list, list, `git-mode ${mode}`);
      const { outcome, patch } = outcomeOf(gitSync, pod, { settings: { sidecar: 'native' } });
      assert.equal(outcome.decision === 'skip' && outcome.reason, 'already_injected');
      assert.deepEqual(patch, []);
    }
  });
}

test('a sidecar that was asked for in a pod that ends is fetched once with a warning, but where it is native', () => {
  const given = (version: string) => injected({ version }, { restartPolicy: 'Never' }, 'sidecar');
  const warning = 'extensions.example.com/git-mode: no sidecar: with restartPolicy Never the content is fetched once';
  const warningsFor = (version: string) => outcomeOf(gitSyncPresent, given(version)).outcome;
  assert.deepEqual(warningsFor('1.31'), { decision: 'allow', warnings: [warning] });
  assert.deepEqual(warningsFor('1.32'), { decision: 'allow', warnings: [] });
});

test('another word for the sidecar is refused when the server starts', () => {
  assert.throws(() => injected({ sidecar: 'Native' }, {}, undefined), /sidecar.*must be equal to one of/);
});

function injected(
  { sidecar, version }: { sidecar?: string; version?: string | undefined },
  spec: object,
  mode: string | undefined,
): unknown {
  const kubeVersion = version === undefined ? undefined : kubeVersionIn(version);
  const pod = webPod({ initContainers: [own], ...spec }, mode === undefined ? {} : { 'git-mode': mode });
  const ruled = outcomeOf(gitSync, pod, { settings: sidecar === undefined ? {} : { sidecar }, kubeVersion });
  assert.equal(ruled.outcome.decision, 'allow', JSON.stringify(ruled.outcome));
  return ruled.pod;
}

function goesOnFetching(args: readonly string[]): boolean {
  return args.includes('--period=60s') && !args.includes('--one-time');
}

function defaultContainer(pod: unknown): unknown {
  const { metadata } = pod as { metadata: { annotations: { [key: string]: unknown } } };
  return metadata.annotations['kubectl.kubernetes.io/default-container'];
}
