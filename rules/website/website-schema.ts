import { allow, deny, validatingRule } from '../../author.ts';
import { compileSchema } from '../../schema/compile-schema.ts';
import { websiteCrd } from './crd.ts';
import { Website } from './website.ts';

const validate = compileSchema(websiteCrd.spec.versions[0].schema.openAPIV3Schema);

/**
 * A Website is what its CRD's schema says. An API server that knows the schema has seen to that before it asks; this
 * is for clusters whose CRD carries none, and for replay. On UPDATE a value that did not change does not block.
 */
export const websiteSchema = validatingRule({
  name: 'website-schema',
  kind: Website,
  operations: ['CREATE', 'UPDATE'],
  validate(website, { oldObject }) {
    const [first, ...others] = validate(website, '', oldObject);
    return first === undefined ? allow() : deny(first, ...others);
  },
});
