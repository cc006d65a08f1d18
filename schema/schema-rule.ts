import { allow, denyWithWarnings } from '../webhook/decision.ts';
import { type Kind, kind, type Wire } from '../webhook/kind.ts';
import { type Routing, type Rule, validatingRule } from '../webhook/rule.ts';
import type { FromSchema } from '../webhook/settings.ts';
import { compileSchema, type SchemaValidator } from './compile-schema.ts';
import { withDefaults } from './defaults.ts';
import { prune } from './prune.ts';
import { fileOf, readCrd } from './read-crd.ts';
import { type CrdVersion, type CustomResourceDefinition, crdVersion } from './read-crd-version.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { unknownFieldWarnings } from './unknown-fields.ts';

export type { CustomResourceDefinition };

/** What a rule made of a CRD may say for itself; all of it may be left out. */
export interface SchemaRuleOptions extends Omit<Routing, 'reinvocationPolicy'> {
  /** The kind in kebab case and `-schema` unless said: `weather-report-schema`. */
  readonly name?: string;
  /** The version of the CRD whose schema counts: the storage version if it is served, else the first served one, unless said. */
  readonly version?: string;
}

/**
 * A validating rule that holds custom resources to their CRD's schema, on CREATE and UPDATE, in the API server's own
 * words: for clusters whose CRD carries no schema, and for replay. On UPDATE what did not change does not block. A field
 * that the schema does not know is warned about. `crd` is a literal, or a file of YAML or JSON beside the rule file:
 * `schemaRule(new URL('book.crd.yaml', import.meta.url))`. Throws an Error with file, path and remedy for a CRD, or a
 * schema in it, that cannot be honoured.
 */
export function schemaRule(crd: CustomResourceDefinition | URL, options: SchemaRuleOptions = {}): Rule {
  const { name, version: versionName, ...routing } = options;
  const version = versionOf(crd, versionName);
  const { schema, token } = version;
  const validate = validatorOf(version, whereOf(crd));
  return validatingRule({
    ...routing,
    name: name ?? `${kebabCase(token.kind)}-schema`,
    kind: kind<unknown>(token),
    operations: ['CREATE', 'UPDATE'],
    validate(object, { oldObject }) {
      const { value, unknown } = prune(schema, object, { isRoot: true });
      const stored = withDefaults(schema, value);
      let errors = validate(stored);
      // Most objects are valid: what was there before is looked at only where one is not.
      if (errors.length > 0 && oldObject !== undefined) errors = validate(stored, '', asStored(schema, oldObject));
      const warnings = unknown.length === 0 ? [] : unknownFieldWarnings(schema, object, oldObject);
      const [first, ...others] = errors;
      if (first !== undefined) denyWithWarnings([first, ...others], warnings);
      return allow(...warnings);
    },
  });
}

/**
 * The kind of a CRD, for rules of its objects. Of a literal `as const` the objects' type is that of its schema; for a
 * file it is given: `kindOf<WeatherReport>(new URL('weather-report.crd.yaml', import.meta.url))`. `version` is chosen, and
 * faults are told, as by schemaRule().
 */
export function kindOf<T>(crd: URL, version?: string): Kind<Wire<T>>;
export function kindOf<const C extends CustomResourceDefinition, const V extends string | undefined = undefined>(
  crd: C,
  version?: V,
): Kind<Wire<FromSchema<SchemaOf<C, V>>>>;
export function kindOf(crd: CustomResourceDefinition | URL, version?: string): Kind {
  return kind<unknown>(versionOf(crd, version).token);
}

type SchemaOf<C extends CustomResourceDefinition, V> =
  Chosen<C['spec']['versions'][number], V> extends { schema: { openAPIV3Schema: infer S } } ? S : { type: 'object' };
type Chosen<Version, V> = V extends string
  ? Extract<Version, { name: V }>
  : [Extract<Version, { served: true; storage: true }>] extends [never]
    ? Extract<Version, { served: true }>
    : Extract<Version, { served: true; storage: true }>;

function versionOf(crd: CustomResourceDefinition | URL, name: string | undefined): CrdVersion {
  return crdVersion(crd instanceof URL ? readCrd(crd) : crd, whereOf(crd), name);
}

/** What faults of the CRD begin with. */
function whereOf(crd: CustomResourceDefinition | URL): string {
  return crd instanceof URL ? fileOf(crd) : 'the CRD';
}

function validatorOf({ schema, path }: CrdVersion, where: string): SchemaValidator {
  try {
    return compileSchema(schema, { isRoot: true });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // A line for each place, which begins with the path from the schema on.
    throw new Error(error.message.replaceAll(/^schema\b/gm, `${where}: ${path}`));
  }
}

/** What an API server that has the schema would validate: without unknown fields, with defaults, and without most nulls. */
function asStored(schema: StructuralSchema, object: unknown): unknown {
  return withDefaults(schema, prune(schema, object, { isRoot: true }).value);
}

/** `WeatherReport` is `weather-report`, and `HTTPRoute` is `http-route`. */
function kebabCase(name: string): string {
  const apart = name.replace(/([a-z0-9])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$&-');
  return apart.toLowerCase();
}
