import { mutatingRule } from 'portcullis';
import { Gadget } from './_gadget.ts';

/** Adds what no version of the CRD knows. */
export const gilding = mutatingRule({
  name: 'gilding',
  kind: Gadget,
  operations: ['CREATE', 'UPDATE'],
  mutate(gadget) {
    if (gadget.spec !== undefined) gadget.spec.gilt = true;
  },
});
