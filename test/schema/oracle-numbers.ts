import type { FieldError } from '../../author.ts';
import type { StructuralSchema } from '../../schema/structural-schema.ts';
import { fitsInt64, isJsonInteger, kindOf, typesOf } from './oracle-kinds.ts';
import { keptFormat } from './oracle-strings.ts';
import { fieldOf, invalid, plain, showFloat, showInteger } from './oracle-texts.ts';

/**
 * validator.go's numberValidator and values.go, with type and format handed over, as kube-openapi does since Kubernetes
 * 1.36. The bounds are float64; next to an int64 they are cut off to whole numbers first, unless the type cannot hold them.
 */
export function numberErrors(schema: StructuralSchema, value: number, path: string): FieldError[] {
  const { multipleOf, minimum, maximum } = schema;
  const errors = outOfRange(schema, value, path, 'Checked');
  const checked = (bound: number, prefix: string, check: (isWhole: boolean) => FieldError | undefined): void => {
    const unfit = outOfRange(schema, bound, path, prefix);
    const error = check(unfit.length === 0 && kindOf(value) === 'int64');
    errors.push(...unfit, ...(error === undefined ? [] : [error]));
  };
  if (multipleOf !== undefined) {
    checked(multipleOf, 'MultipleOf', (isWhole) => multipleError(value, multipleOf, path, isWhole));
  }
  if (maximum !== undefined) {
    checked(maximum, 'Maximum boundary', (isWhole) => {
      const bound = isWhole ? Math.trunc(maximum) : maximum;
      const text = schema.exclusiveMaximum ? 'less than' : 'less than or equal to';
      if (schema.exclusiveMaximum ? value < bound : value <= bound) return undefined;
      return wrongNumber(path, value, isWhole, `should be ${text} ${shown(bound, isWhole)}`);
    });
  }
  if (minimum !== undefined) {
    checked(minimum, 'Minimum boundary', (isWhole) => {
      const bound = isWhole ? Math.trunc(minimum) : minimum;
      const text = schema.exclusiveMinimum ? 'greater than' : 'greater than or equal to';
      if (schema.exclusiveMinimum ? value > bound : value >= bound) return undefined;
      return wrongNumber(path, value, isWhole, `should be ${text} ${shown(bound, isWhole)}`);
    });
  }
  return errors;
}

/** IsValueValidAgainstRange: a schema with one type says what the value, and each bound, has to fit. */
function outOfRange(schema: StructuralSchema, value: number, path: string, prefix: string): FieldError[] {
  const types = typesOf(schema);
  const type = types.length === 1 ? types[0] : undefined;
  const format = keptFormat(schema);
  if (fits(value, type, format)) return [];
  const named = format === undefined ? '(default format)' : `with format ${format}`;
  return [plain(`${prefix} value must be of type ${type} ${named} in ${path}`)];
}

function fits(value: number, type: string | undefined, format: string | undefined): boolean {
  if (type === 'number' && format === 'float') return Number.isFinite(Math.fround(value));
  if (type !== 'integer') return true;
  if (!Number.isInteger(value)) return false;
  return format === 'int32' ? value >= -(2 ** 31) && value < 2 ** 31 : fitsInt64(value);
}

function multipleError(value: number, multipleOf: number, path: string, isWhole: boolean): FieldError | undefined {
  const factor = isWhole ? Math.trunc(multipleOf) : multipleOf;
  if (factor <= 0) {
    const text = `factor MultipleOf declared for ${path} must be positive: ${shown(factor, isWhole)}`;
    return invalid(fieldOf(path), factor, text);
  }
  const quotient = factor < 1 ? (1 / factor) * value : value / factor;
  if (isWhole ? BigInt(value) % BigInt(factor) === 0n : isJsonInteger(quotient)) return undefined;
  return wrongNumber(path, value, isWhole, `should be a multiple of ${shown(factor, isWhole)}`);
}

/** Next to a bound that its type cannot hold, an int64 is compared, and so shown, as a float64. */
function wrongNumber(path: string, value: number, isWhole: boolean, text: string): FieldError {
  const message = `Invalid value: ${shown(value, isWhole)}: ${path} in body ${text}`;
  return { field: fieldOf(path), reason: 'FieldValueInvalid', message };
}

function shown(bound: number, isWhole: boolean): string {
  return isWhole ? showInteger(bound) : showFloat(bound);
}
