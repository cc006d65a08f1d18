import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../../replay/cluster.ts';
import { eventually } from '../eventually.ts';
import { put, takeAway } from './bystanders.ts';
import type { Place } from './place.ts';
import { ANYTHING, type Surroundings } from './surroundings.ts';

const GENERATION = 'agreement.test/generation';

/**
 * Makes the cluster as these cases need it, and waits until the API server goes by it: it learns of all of this in its own
 * time. `generation` is another number each time. The objects in `others` are not looked at by anybody on their way in.
 */
export async function prepare(place: Place, surroundings: Surroundings, generation: number): Promise<void> {
  const { plane, recorder, register } = place;
  const { crds, namespaces, others, phases } = surroundings;
  await plane.applied(list(crds));
  await plane.applied(list(namespaces.map((namespace) => generationOf(namespace, generation))));
  await register(phases);
  // After the others of their kinds, so that when these are in force, those are.
  await plane.applied(list(probes(place, generation)));
  for (const { metadata } of namespaces) {
    await eventually(`namespace ${metadata.name} in generation ${generation}`, async () => {
      recorder.taken();
      const { code, stderr } = await plane.kubectl([
        'create',
        'configmap',
        'probe',
        '--dry-run=server',
        `--namespace=${metadata.name}`,
      ]);
      assert.equal(code, 0, stderr);
      const asked = recorder.taken().map(({ path }) => path);
      return (
        isDeepStrictEqual(
          asked,
          PROBES.map(([, phase]) => pathOf(phase, generation)),
        ) || undefined
      );
    });
  }
  await recorder.bypassed(async () => {
    for (const crd of crds) await eventually(`the schema of ${crd.metadata.name}`, () => isInForce(place, crd));
  });
  for (const object of others) await put(place, object);
}

/** Takes away what these cases looked up, so that the next may have something else of the same name. */
export async function clear(place: Place, { others }: Surroundings): Promise<void> {
  for (const object of others) await takeAway(place, object);
}

const PROBES = [
  ['MutatingWebhookConfiguration', 'mutating'],
  ['ValidatingWebhookConfiguration', 'validating'],
] as const;

/** Webhooks of the test's own that are asked where namespaces and configurations are of this generation. */
function probes({ recorder, ca }: Place, generation: number): object[] {
  return PROBES.map(([kind, phase]) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: 'probe' },
    webhooks: [
      {
        name: 'probe.agreement.test',
        clientConfig: { url: recorder.url + pathOf(phase, generation), caBundle: Buffer.from(ca).toString('base64') },
        rules: [
          { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], scope: '*' },
        ],
        namespaceSelector: { matchLabels: { [GENERATION]: `${generation}` } },
        // Portcullis, which is asked in the end, knows no such path.
        failurePolicy: 'Ignore',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  }));
}

function pathOf(phase: string, generation: number): string {
  return `/probe/${phase}/${generation}`;
}

function generationOf(namespace: KubeObject, generation: number): object {
  const { labels } = namespace.metadata;
  return { ...namespace, metadata: { ...namespace.metadata, labels: { ...labels, [GENERATION]: `${generation}` } } };
}

/** Whether a spec that is a number is taken where anything is, and nowhere else. */
async function isInForce({ plane }: Place, { spec }: KubeObject): Promise<true | undefined> {
  const { group, names, versions } = spec as {
    group: string;
    names: { kind: string };
    versions: { name: string; schema: { openAPIV3Schema: object } }[];
  };
  const [version] = versions;
  const probe = { apiVersion: `${group}/${version?.name}`, kind: names.kind, metadata: { name: 'probe' }, spec: 1 };
  const { code, stderr } = await plane.kubectl(
    ['create', '--dry-run=server', '--validate=false', '-f', '-'],
    inputOf(probe),
  );
  const isTaken = code === 0;
  if (!isTaken && !stderr.includes('is invalid')) return undefined;
  return isTaken === isDeepStrictEqual(version?.schema.openAPIV3Schema, ANYTHING) || undefined;
}

function list(items: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

function inputOf(object: object): { input: string } {
  return { input: JSON.stringify(object) };
}
