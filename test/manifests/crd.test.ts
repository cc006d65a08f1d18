import assert from 'node:assert/strict';
import { test } from 'node:test';
import { websiteCrd } from '../../rules/website/crd.ts';
import { websiteValidations } from '../../rules/website/crd-validations.ts';
import { type Printed, printed } from './printed.ts';

const SELECTABLE = ['.spec.gitRepo', '.spec.ref'];
const VALIDATED = ['gitRepo', 'period', 'ref'];

/** What of the CRD is printed for whom, besides what all take. */
const definitions: readonly [version: string, validated: string[], selectable: string[] | undefined][] = [
  ['1.20', [], undefined],
  ['1.29', [], undefined],
  ['1.30', VALIDATED, undefined],
  ['1.31', VALIDATED, undefined],
  ['1.32', VALIDATED, SELECTABLE],
  ['1.36', VALIDATED, SELECTABLE],
];

for (const [version, validated, selectable] of definitions) {
  const rules = validated.length === 0 ? 'no rules of its own' : 'its own rules';
  const fields = selectable === undefined ? 'no fields' : 'fields';
  test(`the definition of Website for ${version} has ${rules}, and ${fields} to select by`, async () => {
    const [crd] = await printed(['crd', '--kube-version', version]);
    const [v1] = crd.spec.versions;
    const found = v1.selectableFields?.map(({ jsonPath }: Printed) => jsonPath);
    const properties: { [field: string]: Printed } = v1.schema.openAPIV3Schema.properties.spec.properties;
    const named = Object.keys(properties).filter(
      (field) => properties[field]['x-kubernetes-validations'] !== undefined,
    );
    assert.deepEqual({ named: named.sort(), found }, { named: validated, found: selectable });
    delete v1.selectableFields;
    for (const field of VALIDATED) {
      const { 'x-kubernetes-validations': own, ...rest } = properties[field];
      if (own !== undefined) assert.deepEqual(own, websiteValidations[field as keyof typeof websiteValidations]);
      properties[field] = rest;
    }
    assert.deepEqual(crd, structuredClone(websiteCrd), 'nothing else differs');
  });
}
