import { schemaRule } from '../../author.ts';
import { websiteCrd } from './crd.ts';

/**
 * A Website is what its CRD's schema says. An API server that knows the schema has seen to that before it asks; this
 * is for clusters whose CRD carries none, and for replay.
 */
export const websiteSchema = schemaRule(websiteCrd);
