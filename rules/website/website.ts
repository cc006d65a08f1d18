import { type FromSchema, kind, type Wire } from '../../author.ts';
import { websiteCrd, type websiteSchema } from './crd.ts';

const { group, names, scope, versions } = websiteCrd.spec;

/** A Website as JSON carries it, once the API server has filled in the defaults. */
export type Website = Wire<FromSchema<typeof websiteSchema>>;

/** The kind of the CRD: `websites.extensions.example.com`, v1. */
export const Website = kind<FromSchema<typeof websiteSchema>>({
  group,
  version: versions[0].name,
  kind: names.kind,
  resource: names.plural,
  scope,
});
