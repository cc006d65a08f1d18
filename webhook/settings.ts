/**
 * The part of JSON Schema that a rule's settings are described in. Written as a literal, it is also their type
 * (`FromSchema`); ajv validates and defaults them when the configuration is loaded.
 */
export type Schema = {
  readonly type: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  readonly properties?: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | false;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  /** `null` is valid too. */
  readonly nullable?: boolean;
  readonly description?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
};

/** What a value valid under the schema literal `S`, of settings or of a CRD, is, defaults filled in. */
export type FromSchema<S> = S extends { nullable: true } ? NotNull<S> | null : NotNull<S>;

type NotNull<S> = S extends { enum: readonly (infer V)[] }
  ? V
  : S extends { 'x-kubernetes-int-or-string': true }
    ? number | string
    : S extends { type: 'string' }
      ? string
      : S extends { type: 'number' | 'integer' }
        ? number
        : S extends { type: 'boolean' }
          ? boolean
          : S extends { type: 'array' }
            ? S extends { items: infer I }
              ? readonly FromSchema<I>[]
              : readonly unknown[]
            : S extends { properties: infer P }
              ? Flat<
                  { readonly [K in keyof P as K extends Always<S, P> ? K : never]: FromSchema<P[K]> } & {
                    readonly [K in keyof P as K extends Always<S, P> ? never : K]?: FromSchema<P[K]>;
                  }
                >
              : S extends { additionalProperties: infer V }
                ? { readonly [key: string]: FromSchema<V> }
                : S extends { type: 'object' }
                  ? { readonly [key: string]: unknown }
                  : {};

type Always<S, P> =
  | (S extends { required: readonly (infer R)[] } ? R : never)
  | { [K in keyof P]: P[K] extends { default: unknown } ? K : never }[keyof P];
type Flat<T> = { [K in keyof T]: T[K] } & {};
