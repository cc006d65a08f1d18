import { compileSchema, type SchemaValidator } from '../schema/compile-schema.ts';
import { withDefaults } from '../schema/defaults.ts';
import { prune } from '../schema/prune.ts';
import type { StructuralSchema } from '../schema/structural-schema.ts';
import { FileFault } from './yaml-file.ts';

/** A custom resource that a CRD serves. */
export interface CustomResource {
  /** Where the CRD stands, for messages. */
  readonly file: string;
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly isConvertedByWebhook: boolean;
  readonly versions: readonly Version[];
}

interface Version {
  readonly name: string;
  readonly served: boolean;
  /** It is the one that objects are stored in. */
  readonly isStored: boolean;
  readonly storage: Storage;
}

/** What an API server does to an object of a custom kind before it stores it. */
export interface Storage {
  /** Prunes unknown fields and fills in defaults, as it does to what it is sent. */
  prepare(object: unknown): unknown;
  /** Fills in defaults alone, as it does to what a webhook patched. */
  fillIn(object: unknown): unknown;
  /** Prunes unknown fields alone. */
  prune(object: unknown): unknown;
  /** The fields that pruning takes away, each the uppermost: `spec.gitrepo`. */
  unknown(object: unknown): readonly string[];
  /** Its status is written through the status subresource alone. */
  readonly hasStatus: boolean;
  /** It has rules in CEL, which `validate` does not evaluate. */
  readonly hasRules: boolean;
  readonly validate: SchemaValidator;
}

/**
 * What an API server makes of a CRD. Its schema is compiled when first an object is validated, which costs more than all
 * else of a case: what every case has is made once. Throws FileFault for a CRD without names or versions.
 */
export function customResource(crd: object, file = 'the CRDs that every cluster has'): CustomResource {
  const { metadata, spec } = crd as Crd;
  const called = `${file}: CustomResourceDefinition ${metadata.name}`;
  if (!Array.isArray(spec?.versions) || typeof spec.names?.plural !== 'string') {
    throw new FileFault(`${called}: spec.names and spec.versions are needed`);
  }
  return {
    file,
    group: spec.group,
    kind: spec.names.kind,
    plural: spec.names.plural,
    scope: spec.scope,
    isConvertedByWebhook: spec.conversion?.strategy === 'Webhook',
    versions: spec.versions.map(({ name, served, storage: isStored = false, schema, subresources }) => ({
      name,
      served,
      isStored,
      storage: storage(schema?.openAPIV3Schema ?? ANYTHING, called, subresources?.status !== undefined),
    })),
  };
}

const ANYTHING: StructuralSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

function storage(schema: StructuralSchema, called: string, hasStatus: boolean): Storage {
  let validate: SchemaValidator | undefined;
  const pruning = (object: unknown) => prune(schema, object, { isRoot: true });
  const pruned = (object: unknown) => pruning(object).value;
  return {
    prepare: (object) => withDefaults(schema, pruned(object)),
    fillIn: (object) => withDefaults(schema, object),
    prune: pruned,
    unknown: (object) => pruning(object).unknown,
    hasStatus,
    hasRules: JSON.stringify(schema).includes('"x-kubernetes-validations"'),
    validate: (...args) => {
      validate ??= compiled(schema, called);
      return validate(...args);
    },
  };
}

function compiled(schema: StructuralSchema, called: string): SchemaValidator {
  try {
    return compileSchema(schema);
  } catch (error) {
    throw new FileFault(`${called}: ${(error as Error).message}`);
  }
}

interface Crd {
  readonly metadata: { readonly name?: string };
  readonly spec: {
    readonly group: string;
    readonly scope: 'Namespaced' | 'Cluster';
    readonly names: { readonly kind: string; readonly plural: string };
    readonly conversion?: { readonly strategy?: string };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly storage?: boolean;
      readonly schema?: { readonly openAPIV3Schema?: StructuralSchema };
      readonly subresources?: { readonly status?: object };
    }[];
  };
}
