import { allow, validatingRule } from 'portcullis';
import { Gadget } from './_gadget.ts';

/** Tells what it is shown. */
export const gilt = validatingRule({
  name: 'gilt',
  kind: Gadget,
  operations: ['CREATE', 'UPDATE'],
  validate({ spec = {}, metadata }, { oldObject }) {
    return allow(
      `it has ${Object.keys(spec).join(', ')}`,
      ...(oldObject === undefined ? [] : [`it had ${Object.keys(oldObject.spec ?? {}).join(', ')}`]),
      ...(metadata.labels === undefined ? [] : [`it is labelled ${JSON.stringify(metadata.labels)}`]),
    );
  },
});
