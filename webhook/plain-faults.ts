import { types } from 'node:util';

/** What a rule can sensibly nest; a schema of JSON Schema's own complexity has a dozen levels. */
const MAX_LEVELS = 64;
/** Far more than anybody writes, and far less than what would keep a start waiting. */
const MAX_VALUES = 100_000;

/**
 * What keeps part of a rule, called `at`, from being data that can be walked, compared and written out: clauses that
 * follow "its". Runs nothing of the author's and never throws. Where it finds nothing, no walk of the same data throws,
 * overflows the stack or goes on for ever. Functions are passed over: whoever has a place for one looks at it.
 */
export function plainFaults(at: string, value: unknown): string[] {
  const budget = { left: MAX_VALUES };
  const faults = walked({ at, value, within: [] }, budget);
  return budget.left < 0 ? [`${at} must not hold more than ${MAX_VALUES} values`] : faults;
}

interface Place {
  readonly at: string;
  readonly value: unknown;
  /** The objects that this one is in, outermost first. */
  readonly within: readonly object[];
}

function walked({ at, value, within }: Place, budget: { left: number }): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (types.isProxy(value)) return [`${at} must be a plain object, not a Proxy`];
  if (within.includes(value)) return [`${at} must not be what it stands in: it would have no end`];
  if (within.length === MAX_LEVELS) return [`${at} must not be nested so deep: ${MAX_LEVELS} levels are allowed`];
  if (!isPlain(value)) return [`${at} must be a plain object or a list`];
  for (const [name, { get, set, value: member }] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    const place = Array.isArray(value) ? `${at}[${name}]` : `${at}.${name}`;
    if (get !== undefined || set !== undefined) return [`${place} must be a value, not a getter or a setter`];
    // An own flatMap or toJSON would be called by whoever takes it for a list.
    if (Array.isArray(value) && !/^(\d+|length)$/.test(name))
      return [`${at} must be a list without members of its own`];
    // Any fault ends the walk; plainFaults() words this one.
    if (budget.left-- === 0) return [at];
    const faults = walked({ at: place, value: member, within: [...within, value] }, budget);
    if (faults.length > 0) return faults;
  }
  return [];
}

/** An object of a class may compute its members, in its prototype. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    prototype === null || prototype === Object.prototype || (Array.isArray(value) && prototype === Array.prototype)
  );
}
