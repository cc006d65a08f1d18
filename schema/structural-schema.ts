/**
 * A CRD's structural schema (apiextensions/v1 JSONSchemaProps): all that an API server takes. Read from a file, a
 * schema may hold anything; `schemaFaults` tells what must not be there.
 */
export interface StructuralSchema extends ValueValidation {
  readonly type?: JsonType;
  readonly nullable?: boolean;
  readonly items?: StructuralSchema;
  readonly properties?: { readonly [name: string]: StructuralSchema };
  readonly additionalProperties?: StructuralSchema | boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly default?: unknown;
  readonly description?: string;
  readonly title?: string;
  readonly example?: unknown;
  readonly externalDocs?: unknown;
}

/** The types of JSON as OpenAPI names them. */
export type JsonType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';

/** What may stand below `allOf`, `anyOf`, `oneOf` and `not` as well: it judges values and gives them no structure. */
export interface ValueValidation {
  /** There only in the `anyOf` of an integer and a string that most repeat beside `x-kubernetes-int-or-string`. */
  readonly type?: JsonType;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly maximum?: number;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly items?: ValueValidation;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: false;
  readonly properties?: { readonly [name: string]: ValueValidation };
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly ValueValidation[];
  readonly anyOf?: readonly ValueValidation[];
  readonly oneOf?: readonly ValueValidation[];
  readonly not?: ValueValidation;
  /** Rules in CEL, which the API server evaluates before it asks a validating webhook, and nobody else here. */
  readonly 'x-kubernetes-validations'?: readonly unknown[];
}
