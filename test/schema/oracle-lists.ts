import type { FieldError } from '../../author.ts';
import type { StructuralSchema } from '../../schema/structural-schema.ts';
import { canonical } from './oracle-kinds.ts';
import { duplicate, invalid } from './oracle-texts.ts';
import { childrenOf } from './oracle-walk.ts';

/** listtype/validation.go: sets hold no element twice, maps no keys twice; of equals, the second one alone is told. */
export function listErrors(schema: StructuralSchema, value: unknown, field: string): FieldError[] {
  const errors = childrenOf(schema, value, field).flatMap((child) =>
    listErrors(child.schema, child.value, child.field),
  );
  if (!Array.isArray(value)) return errors;
  if (schema['x-kubernetes-list-type'] === 'set') {
    errors.push(...secondOnes(value).map((index) => duplicate(`${field}[${index}]`, value[index])));
  }
  if (schema['x-kubernetes-list-type'] === 'map') {
    errors.push(...mapErrors(value, schema['x-kubernetes-list-map-keys'] ?? [], field));
  }
  return errors;
}

function mapErrors(value: readonly unknown[], names: readonly string[], field: string): FieldError[] {
  const stranger = value.findIndex((element) => typeof element !== 'object' || Array.isArray(element));
  if (stranger >= 0) {
    return [invalid(`${field}[${stranger}]`, value[stranger], 'must be an object for an array of list-type map')];
  }
  const keys = value.map((element) =>
    Object.fromEntries(Object.entries(element ?? {}).filter(([name]) => names.includes(name))),
  );
  return secondOnes(keys).map((index) => duplicate(`${field}[${index}]`, keys[index]));
}

/** Where what stood before stands a second time; a third time is not told. */
function secondOnes(elements: readonly unknown[]): number[] {
  const texts = elements.map(canonical);
  return texts.flatMap((text, index) => {
    const first = texts.indexOf(text);
    return first < index && texts.indexOf(text, first + 1) === index ? [index] : [];
  });
}
