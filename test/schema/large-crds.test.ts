import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileSchema } from '../../schema/compile-schema.ts';
import { withDefaults } from '../../schema/defaults.ts';
import { prune } from '../../schema/prune.ts';
import { largeCrd, largeCrds } from './large-crds.ts';
import { destinationRule } from './large-crds-destination-rule.ts';
import { httpRoute } from './large-crds-http-route.ts';
import { plan } from './large-crds-plan.ts';
import { changed } from './large-crds-sample.ts';

const root = { isRoot: true };

test('every version of every CRD of Forklift, Istio and Gateway API compiles', (t) => {
  const all = largeCrds();
  for (const { schema } of all) compileSchema(schema);
  const names = new Set(all.map(({ name }) => name));
  t.diagnostic(`${names.size} schemas, ${JSON.stringify(all).length} characters of JSON`);
  assert.deepEqual([all.length, names.size], [48, 48]);
});

for (const [name, { schema, good, mistakes }] of Object.entries({ plan, httpRoute, destinationRule })) {
  test(`a good ${name} is taken, and nothing is missing or unknown`, () => {
    assert.deepEqual(compileSchema(schema)(good), []);
    assert.equal(withDefaults(schema, good), good);
    assert.deepEqual(prune(schema, good, root), { value: good, unknown: [] });
  });

  const validate = compileSchema(schema);
  for (const [sentence, [path, value, ...reported]] of Object.entries(mistakes)) {
    test(`${name}, ${sentence}`, () => {
      const errors = validate(changed(good, path, value));
      assert.deepEqual(errors.map(({ field, message }) => `${field}: ${message}`).sort(), reported.sort());
    });
  }

  test(`${name}, with all of these mistakes that leave each other in place`, () => {
    const all = Object.values(mistakes).filter(([, , ...reported]) => reported.length > 0);
    const apart = all.filter(([path], index) => !all.some(([other], at) => at !== index && other.startsWith(path)));
    const errors = validate(apart.reduce((object, [path, value]) => changed(object, path, value), good));
    const expected = apart.flatMap(([, , ...reported]) => reported);
    assert.deepEqual(errors.map(({ field, message }) => `${field}: ${message}`).sort(), expected.sort());
    assert.ok(apart.length >= 8, `${apart.length}`);
  });
}

test('an HTTPRoute is filled in: a default that is a list of objects, those within what is there, and none for a null', () => {
  const everything = { path: { type: 'PathPrefix', value: '/' } };
  const filters = [
    { type: 'RequestMirror', requestMirror: { backendRef: { name: 'b', namespace: null } } },
    { type: 'RequestRedirect', requestRedirect: {} },
  ];
  const given = {
    spec: { rules: [{ matches: [{ method: 'GET' }], backendRefs: [{ name: 'a', kind: null, filters }] }, {}] },
  };
  assert.deepEqual(withDefaults(httpRoute.schema, { spec: {} }), { spec: { rules: [{ matches: [everything] }] } });
  assert.deepEqual(withDefaults(httpRoute.schema, given), {
    spec: {
      rules: [
        {
          matches: [{ method: 'GET', ...everything }],
          backendRefs: [
            {
              name: 'a',
              group: '',
              kind: 'Service',
              weight: 1,
              filters: [
                { type: 'RequestMirror', requestMirror: { backendRef: { name: 'b', group: '', kind: 'Service' } } },
                { type: 'RequestRedirect', requestRedirect: { statusCode: 302 } },
              ],
            },
          ],
        },
        { matches: [everything] },
      ],
    },
  });
});

test('what is unknown goes, each time at its own place, and what is known stays', () => {
  const paths = ['spec.vms[1].cpus', 'status.migration.vms[0].pipeline[0].tasks[0].retries', 'phase'];
  const more = paths.reduce((object, path) => changed(object, path, { any: 1 }), plan.good);
  const { value, unknown } = prune(plan.schema, more, root);
  assert.deepEqual([value, [...unknown].sort()], [plan.good, [...paths].sort()]);
});

test('what a CRD preserves stays, whatever it is', () => {
  const schema = largeCrd('forklift.konveyor.io/v1beta1 ForkliftController');
  const given = { metadata: { name: 'f' }, spec: { feature_ui: 'true', deep: [{ a: null }] }, phase: 'Ready' };
  const { phase, ...kept } = given;
  assert.deepEqual(prune(schema, given, root), { value: kept, unknown: ['phase'] });
});
