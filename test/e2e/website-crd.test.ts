import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { websiteSchema } from '../../rules/website/crd.ts';
import { printed } from '../manifests/printed.ts';
import { withoutAssets } from './assets.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { eventually } from './eventually.ts';
import { KUBIA, website } from './objects.ts';

const PATH = '/apis/extensions.example.com/v1/namespaces/default/websites/kubia';
const READY = {
  type: 'Ready',
  status: 'False',
  lastTransitionTime: '2026-01-01T00:00:00Z',
  reason: 'CloneFailed',
  message: 'The host does not answer.',
};

test('the CRD of Website on a real API server, and nothing else of Portcullis', { skip: withoutAssets }, async (t) => {
  const plane = await startControlPlane();
  t.after(plane.stop);
  const [crd] = await printed(['crd', '--kube-version', `1.${plane.minor}`]);
  const { stdout, stderr } = await plane.applied(JSON.stringify(crd));
  assert.deepEqual(
    [stdout, stderr],
    [`customresourcedefinition.apiextensions.k8s.io/${crd.metadata.name} created\n`, ''],
  );
  await eventually('Websites are served', () => plane.succeeded(['get', 'websites']));

  await t.test('is structural and takes its names', async () => {
    const { status } = await plane.json(['get', 'crd', crd.metadata.name]);
    const conditions = status.conditions.map(({ type, status }: typeof READY) => `${type}=${status}`).sort();
    assert.deepEqual(conditions, ['Established=True', 'NamesAccepted=True']);
    assert.deepEqual(status.acceptedNames.categories, ['portcullis']);
  });

  await t.test('what is newer than the API server is left out', { skip: plane.minor >= 32 }, async () => {
    const [newest] = await printed(['crd']);
    const { code, stderr } = await plane.kubectl(['apply', '-f', '-'], { input: JSON.stringify(newest) });
    assert.equal(code, 1);
    assert.match(stderr, /unknown field "(selectableFields|x-kubernetes-validations)"/);
  });

  await t.test('kubectl explain', (t) => explained(t, plane));
  await t.test('kubectl get', (t) => columns(t, plane));
  await t.test('the status', (t) => status(t, plane));
  await t.test('the defaults are stored: another default changes nothing of what is there', async () => {
    const { spec } = await plane.json(['get', 'website', 'kubia']);
    assert.deepEqual(spec, { gitRepo: KUBIA, ref: 'HEAD', period: '60s', depth: 1, submodules: 'off' });
    const ref = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/ref/default';
    const patch = JSON.stringify([{ op: 'replace', path: ref, value: 'main' }]);
    await plane.succeeded(['patch', 'crd', crd.metadata.name, '--type=json', '-p', patch]);
    await eventually('the new default', async () => {
      const later = website({ name: 'later' }, { gitRepo: KUBIA });
      const { stdout } = await plane.succeeded(['create', '--dry-run=server', '-o', 'json', '-f', '-'], {
        input: later,
      });
      assert.equal(JSON.parse(stdout).spec.ref, 'main');
      return true;
    });
    assert.deepEqual((await plane.json(['get', 'website', 'kubia'])).spec, spec);
  });
});

/** Every field with its type and its description, as whoever writes a Website asks for them. */
async function explained(t: TestContext, plane: ControlPlane): Promise<void> {
  const explain = async (what: string) => {
    const { stdout } = await plane.succeeded(['explain', what]);
    // It breaks the lines at 80 characters.
    return stdout.replaceAll(/\s+/g, ' ');
  };
  const { spec, status } = websiteSchema.properties;
  const { conditions } = status.properties;
  const objects: readonly [what: string, of: Explained][] = [
    ['website', websiteSchema],
    ['website.spec', spec],
    ['website.spec.credentials', spec.properties.credentials],
    ['website.status', status],
    ['website.status.conditions', { ...conditions.items, description: conditions.description }],
  ];
  await eventually('kubectl knows Websites', () => plane.succeeded(['explain', 'website']));
  for (const [what, of] of objects) {
    await t.test(`${what}: its description, and each field with its own`, async () => {
      const said = await explain(what);
      assert.ok(said.includes(`DESCRIPTION: ${of.description} `), said);
      for (const [name, field] of Object.entries(of.properties)) {
        const type = { array: '[]Object', object: 'Object', integer: 'integer', string: 'string' }[field.type];
        const mark = of.required?.includes(name) ? ' -required-' : '';
        // A newer kubectl names the choices of an enum in between.
        const line = `${RegExp.escape(`${name} <${type}>${mark}`)}( enum: .*?)? ${RegExp.escape(field.description)}`;
        assert.match(said, new RegExp(line));
      }
    });
  }
}

interface Explained {
  readonly description: string;
  readonly required?: readonly string[];
  readonly properties: {
    readonly [name: string]: { readonly type: 'array' | 'object' | 'integer' | 'string'; readonly description: string };
  };
}

async function columns(t: TestContext, plane: ControlPlane): Promise<void> {
  const spec = { gitRepo: KUBIA, credentials: { secretName: 'token' } };
  await plane.applied(website({ name: 'private' }, spec));
  await plane.applied(website({ name: 'kubia' }, { gitRepo: KUBIA }));
  const found = await plane.json(['get', 'website', 'kubia']);
  await written(plane, { ...found, status: { conditions: [READY] } });
  const narrow = [
    ['NAME', 'REPO', 'REF', 'READY', 'AGE'],
    ['kubia', KUBIA, 'HEAD', 'False', '(age)'],
    ['private', KUBIA, 'HEAD', '', '(age)'],
  ];
  const wide = [
    ['NAME', 'REPO', 'REF', 'READY', 'REASON', 'PERIOD', 'SECRET', 'AGE'],
    ['kubia', KUBIA, 'HEAD', 'False', 'CloneFailed', '60s', '', '(age)'],
    ['private', KUBIA, 'HEAD', '', '', '60s', 'token', '(age)'],
  ];
  for (const [args, rows] of [
    ['websites', narrow],
    ['website', narrow],
    ['site', narrow],
    ['portcullis', narrow],
    ['websites -o wide', wide],
    ['portcullis -o wide', wide],
  ] as const) {
    await t.test(`${args}: ${rows[0]?.join(' ').toLowerCase()}`, async () => {
      const { stdout, stderr } = await plane.succeeded(['get', ...args.split(' ')]);
      assert.equal(stderr, '');
      assert.deepEqual(cellsOf(stdout), rows);
    });
  }
}

/** The cells of a table of kubectl's, by where the columns of its header begin; the last is an age, whatever it is. */
function cellsOf(table: string): string[][] {
  const [header = '', ...lines] = table.trimEnd().split('\n');
  const starts = [...header.matchAll(/\S+/g)].map(({ index }) => index);
  const cells = (line: string) => starts.map((start, i) => line.slice(start, starts[i + 1]).trim());
  return [cells(header), ...lines.map((line) => cells(line.replace(/\b[\dms]+$/, '(age)')))];
}

async function status(t: TestContext, plane: ControlPlane): Promise<void> {
  await t.test('is not written through the Website itself, neither when it is made nor later', async () => {
    const claimed = { ...READY, status: 'True', reason: 'Claimed' };
    for (const name of ['claimed', 'kubia']) {
      const object = JSON.parse(website({ name }, { gitRepo: KUBIA }));
      await plane.applied(JSON.stringify({ ...object, status: { conditions: [claimed] } }));
    }
    assert.equal((await plane.json(['get', 'website', 'claimed'])).status, undefined);
    assert.deepEqual((await plane.json(['get', 'website', 'kubia'])).status.conditions, [READY]);
  });

  await t.test('written through its own way, changes nothing else', async () => {
    const found = await plane.json(['get', 'website', 'kubia']);
    await written(plane, {
      ...found,
      spec: { ...found.spec, ref: 'v2' },
      status: { observedGeneration: 1, conditions: [{ ...READY, status: 'True', reason: 'Served' }] },
    });
    const { spec, status, metadata } = await plane.json(['get', 'website', 'kubia']);
    assert.deepEqual([spec, metadata.generation], [found.spec, found.metadata.generation]);
    assert.deepEqual([status.observedGeneration, status.conditions[0].reason], [1, 'Served']);
  });

  await t.test('has conditions within the bounds of a condition', async () => {
    const found = await plane.json(['get', 'website', 'kubia']);
    for (const [conditions, said] of [
      [[{ ...READY, status: 'Yes' }], /status\.conditions(\[0\])?\.status: Unsupported value: "Yes"/],
      [[{ ...READY, reason: '' }], /status\.conditions(\[0\])?\.reason/],
    ] as const) {
      const input = JSON.stringify({ ...found, status: { conditions } });
      const { code, stderr } = await plane.kubectl(['replace', '--raw', `${PATH}/status`, '-f', '-'], { input });
      assert.equal(code, 1);
      assert.match(stderr, said);
    }
  });

  await t.test('is kept by an apply that knows nothing of it', async () => {
    const applied = await plane.applied(website({ name: 'kubia' }, { gitRepo: KUBIA }));
    assert.match(applied.stdout, /^website\S+ (configured|unchanged)\n$/);
    assert.equal((await plane.json(['get', 'website', 'kubia'])).status.conditions[0].reason, 'Served');
  });
}

/** Writes a Website through its status subresource, as a controller would. */
async function written(plane: ControlPlane, object: object): Promise<void> {
  await plane.succeeded(['replace', '--raw', `${PATH}/status`, '-f', '-'], { input: JSON.stringify(object) });
}
