import assert from 'node:assert/strict';
import { test } from 'node:test';
import { webPod } from '../git-sync/pods.ts';
import { told, websites } from './told.ts';
import { TEMPLATES, workload } from './workloads.ts';

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

for (const kind of TEMPLATES) {
  test(`a ${kind.apiVersion} ${kind.kind} with anything anywhere is admitted, and no failure told`, async () => {
    const text = JSON.stringify(usual(kind));
    const warnings = { odd: new Set<string>(), right: new Set<string>() };
    for (const path of pathsIn(JSON.parse(text))) {
      for (const junk of JUNK) {
        const odd = spoilt(JSON.parse(text), path, JSON.parse(junk));
        await assertNoFailure(warnings.odd, { object: odd }, `${path.join('.')}: ${junk}`);
        await assertNoFailure(
          warnings.right,
          { object: JSON.parse(text), oldObject: odd },
          `old ${path.join('.')}: ${junk}`,
        );
      }
    }
    assert.ok(
      warnings.odd.has(REFUSED(kind.kind)) && warnings.odd.size > 5,
      'some of them are templates enough to be told of',
    );
    assert.deepEqual([...warnings.right], [], 'what is right now is right, whatever it was');
  });
}

/** A review may last two seconds; each of these takes a tenth of that, and may take half on a machine that has much else to do. */
const HUGE: readonly { given: string; pod: object; first: RegExp | undefined }[] = [
  {
    given: 'asks for nothing, with a hundred thousand containers',
    pod: { spec: { containers: many(100_000, (i) => ({ name: `c${i}` })) } },
    first: undefined,
  },
  {
    given: 'is wrong a thousand times',
    pod: webPod({ containers: [{ name: 'web' }, ...many(1000, () => ({ name: 'git-sync' }))] }),
    first: /would be refused$/,
  },
  {
    given: 'has fifty thousand annotations that are misspelt',
    pod: webPod({}, Object.fromEntries(many(50_000, (i) => [`git-repo${i}`, 'x']))),
    first: /^spec\.template: did you mean git-repo\?/,
  },
];
for (const { given, pod, first } of HUGE) {
  test(`a template that ${given} holds nobody up`, async () => {
    const object = workload(pod);
    const oldObject = workload({ spec: { containers: [] } });
    await told({ object, oldObject });
    const started = performance.now();
    const warnings = await told({ object, oldObject });
    const milliseconds = performance.now() - started;
    assert.ok(milliseconds < 1000, `${milliseconds} ms`);
    if (first === undefined) assert.deepEqual(warnings, []);
    else assert.match(String(warnings[0]), first);
    assert.ok(warnings.length <= 30 && warnings.every((warning) => warning.length <= 120));
  });
}

const REFUSED = (kind: string) => `the pods of ${kind} shop would be refused`;

async function assertNoFailure(all: Set<string>, given: Parameters<typeof told>[0], what: string): Promise<void> {
  const lookups = websites({ kubia: { spec: { gitRepo: 'https://github.com/o/r' } } });
  for (const selector of ['workload', 'namespace'] as const) {
    const warnings = await told({ ...given, selector, lookups });
    for (const warning of warnings) {
      assert.doesNotMatch(warning, /^failed: /, what);
      all.add(warning);
    }
  }
}

/** A workload with nearly all that the rule looks at. */
function usual(kind: (typeof TEMPLATES)[number]): object {
  const pod = webPod(
    {
      os: { name: 'linux' },
      nodeSelector: { disk: 'ssd' },
      restartPolicy: 'Always',
      initContainers: [{ name: 'init' }],
      containers: [{ name: 'web', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
      volumes: [{ name: 'data', emptyDir: {} }],
    },
    { 'git-ref': 'main', 'git-container': 'web' },
  );
  const claims = { volumeClaimTemplates: [{ metadata: { name: 'claimed' } }] };
  return workload(pod, kind, { metadata: { ownerReferences: [{ kind: 'App', controller: false }] }, more: claims });
}

/** The path of every value in it, but for the envelope's own: an object with metadata, of that kind. */
function pathsIn(root: object): string[][] {
  const paths: string[][] = [];
  const collect = (value: unknown, path: string[]): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      const at = [...path, key];
      if (!['apiVersion', 'kind', 'metadata', 'metadata.name'].includes(at.join('.'))) paths.push(at);
      collect(member, at);
    }
  };
  collect(root, []);
  return paths;
}

function spoilt(root: object, path: readonly string[], value: unknown): object {
  const parent = path.slice(0, -1).reduce((at, key) => at[key] as Members, root as Members);
  parent[path.at(-1) ?? ''] = value;
  return root;
}

type Members = { [key: string]: unknown };

function many<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}
