/** What a rule author imports as 'portcullis', and nothing else. */
export { type CustomResourceDefinition, kindOf, type SchemaRuleOptions, schemaRule } from './schema/schema-rule.ts';
export { type Allow, allow, deny, skip } from './webhook/decision.ts';
export {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from './webhook/field-errors.ts';
export { is, type Kind, kind, type Wire } from './webhook/kind.ts';
export * from './webhook/kinds.ts';
export { isAtLeast, type KubeVersion } from './webhook/kube-version.ts';
export {
  type Context,
  type Found,
  type Lookup,
  mutatingRule,
  type Operation,
  type Request,
  type Routing,
  type Rule,
  type Selector,
  validatingRule,
} from './webhook/rule.ts';
export type { FromSchema, Schema } from './webhook/settings.ts';
