import { allow, ConfigMap, deny, type FieldError, mutatingRule, type Rule, validatingRule } from '../../author.ts';
import type { JsonObject } from '../../webhook/decode.ts';

type Routing = { readonly failurePolicy?: 'Fail' | 'Ignore' };

/** A validating rule that denies for these problems. */
export function denies(name: string, ...problems: [string | FieldError, ...(string | FieldError)[]]): Rule {
  return validating(name, () => deny(...problems));
}

/** A validating rule that allows with these warnings. */
export function warns(name: string, ...warnings: string[]): Rule {
  return validating(name, () => allow(...warnings));
}

/** A validating rule that throws this. */
export function fails(name: string, thrown: unknown, routing: Routing = {}): Rule {
  return validating(
    name,
    () => {
      throw thrown;
    },
    routing,
  );
}

/** A mutating rule that does this to the object. */
export function edits(name: string, edit: (object: JsonObject) => void, routing: Routing = {}): Rule {
  return mutatingRule({
    name,
    kind: ConfigMap,
    operations: ['CREATE', 'UPDATE'],
    ...routing,
    mutate(draft) {
      edit(draft as unknown as JsonObject);
    },
  });
}

function validating(name: string, validate: () => ReturnType<typeof allow>, routing: Routing = {}): Rule {
  return validatingRule({ name, kind: ConfigMap, operations: ['CREATE', 'UPDATE', 'DELETE'], ...routing, validate });
}
