import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configFrom } from '../../cli/config.ts';
import { isInPod, mending } from '../../cli/mending.ts';
import { ca, configuration } from './facts.ts';

const NEW = { major: 1, minor: 36 };
const different = configuration('mutating', [ca], { differences: ['something'] });
const extra = configuration('validating', [ca], {
  differences: ['a', 'b'],
  extra: ['old.policy.example.com', 'x.y.z'],
});
const IN_POD = 'kubectl -n gate exec deploy/portcullis -- portcullis manifests webhooks';
const REMOVAL = `kubectl patch validatingwebhookconfiguration portcullis -p '{"webhooks":[{"$patch":"delete","name":"old.policy.example.com"},{"$patch":"delete","name":"x.y.z"}]}'`;

for (const [sentence, flags, all, place, ...commands] of [
  ['nothing, where nothing differs', {}, [configuration('mutating')], { inPod: true, apiServer: NEW }],
  [
    'in a pod that looks after its CA',
    { certificate: ['self'] },
    [different],
    { inPod: true, apiServer: NEW },
    `${IN_POD} | kubectl apply -f -`,
  ],
  [
    'for an older API server',
    { certificate: ['self'] },
    [different],
    { inPod: true, apiServer: { major: 1, minor: 20 } },
    `${IN_POD} --kube-version 1.20 | kubectl apply -f -`,
  ],
  ['what others have put in, alone', { certificate: ['self'] }, [extra], { inPod: true, apiServer: NEW }, REMOVAL],
  [
    'that, and the rest',
    { certificate: ['self'] },
    [different, extra],
    { inPod: true, apiServer: NEW },
    REMOVAL,
    `${IN_POD} | kubectl apply -f -`,
  ],
  [
    'where others see to the CA, which a command of ours would take away',
    { certificate: ['files'], certs: ['/certs'] },
    [different],
    { inPod: true, apiServer: NEW },
    `apply the webhooks again as it was done before, with whatever makes their caBundle; what they should be is printed by: ${IN_POD}`,
  ],
  [
    'the same with a CA of its own that others put there',
    { certificate: ['self'], registration: ['none'] },
    [different],
    { inPod: true, apiServer: NEW },
    `apply the webhooks again as it was done before, with whatever makes their caBundle; what they should be is printed by: ${IN_POD}`,
  ],
  [
    'on a machine of one’s own',
    { certs: ['/tmp/of-mine'], rules: ['/tmp/rules'], port: ['9443'] },
    [different],
    { inPod: false, apiServer: undefined },
    'portcullis manifests webhooks --url https://127.0.0.1:9443 --ca-bundle /tmp/of-mine/ca.crt --rules /tmp/rules | kubectl apply -f -',
  ],
  [
    'on a machine of one’s own, with the cluster’s CA, which the server puts in by itself',
    { certificate: ['self'], port: ['9443'] },
    [different],
    { inPod: false, apiServer: NEW },
    'portcullis manifests webhooks --url https://127.0.0.1:9443 | kubectl apply -f -',
  ],
] as const) {
  test(`what mends the drift: ${sentence}`, (t) => {
    for (const name of ['npm_lifecycle_event', 'npm_command']) withoutVariable(t, name);
    const config = configFrom({ words: [], flags: { namespace: ['gate'], ...flags } }, {});
    assert.deepEqual(mending(config, all, place), commands);
  });
}

test('a name that a shell could take for more than a name is in no command', () => {
  const evil = configuration('mutating', [ca], { differences: ['a'], extra: ["x'; rm -rf .; '"] });
  assert.deepEqual(mending(configFrom({ words: [], flags: {} }, {}), [evil], { inPod: true, apiServer: NEW }), []);
});

test('it is a pod where the pod’s own account is what leads to the API server', () => {
  const config = (flags: object) => configFrom({ words: [], flags: { ...flags } }, {});
  assert.equal(isInPod(config({}), { KUBERNETES_SERVICE_HOST: '10.0.0.1' }), true);
  assert.equal(isInPod(config({}), {}), false);
  assert.equal(isInPod(config({}), { KUBERNETES_SERVICE_HOST: '' }), false);
  assert.equal(isInPod(config({ kubeconfig: ['/k'] }), { KUBERNETES_SERVICE_HOST: '10.0.0.1' }), false);
});

/** npm's own, which the tests may have been started by. */
function withoutVariable(t: { after(end: () => void): void }, name: string): void {
  const { [name]: value } = process.env;
  delete process.env[name];
  t.after(() => {
    if (value !== undefined) process.env[name] = value;
  });
}
