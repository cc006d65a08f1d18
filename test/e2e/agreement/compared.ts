/**
 * Where the API server's object differs from the one of replay. `added` are the fields that are only in the first, without the
 * indices of lists; `others` everything else. What objects are given by the API server is not looked at: times,
 * versions, uid, and the name where it is generated.
 */
export function objectDifferences(actual: unknown, replayed: unknown): { added: string[]; others: string[] } {
  const added: string[] = [];
  const others: string[] = [];
  compare(withoutGiven(actual), withoutGiven(replayed), '');
  return { added, others };

  function compare(one: unknown, other: unknown, path: string): void {
    if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
      for (const [at, each] of one.entries()) compare(each, other[at], `${path}[]`);
    } else if (isObject(one) && isObject(other)) {
      for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
        if (Object.hasOwn(other, name)) compare(one[name], other[name], `${path}.${name}`);
        else added.push(`${path}.${name}`.slice(1));
      }
    } else if (JSON.stringify(one) !== JSON.stringify(other)) {
      others.push(`${path.slice(1)}: ${JSON.stringify(one)}, by replay ${JSON.stringify(other)}`);
    }
  }
}

/**
 * The case's value with its members in the order in which the API server sent them, and without what it did not send; the paths
 * of that are put into `lost`. Go prints a Pod as its type has it, whatever its author's order, and what rules find is in it.
 */
export function asSent(given: unknown, sent: unknown, lost: string[], path = ''): unknown {
  if (Array.isArray(given)) {
    return given.map((member, at) =>
      asSent(member, Array.isArray(sent) ? sent[at] : undefined, lost, `${path}[${at}]`),
    );
  }
  if (!isObject(given) || !isObject(sent)) return given;
  for (const name of Object.keys(given)) if (!Object.hasOwn(sent, name)) lost.push(`${path}.${name}`.slice(1));
  const names = Object.keys(sent).filter((name) => Object.hasOwn(given, name));
  return Object.fromEntries(names.map((name) => [name, asSent(given[name], sent[name], lost, `${path}.${name}`)]));
}

function withoutGiven(object: unknown): unknown {
  if (!isObject(object) || !isObject(object.metadata)) return object;
  const { creationTimestamp, deletionTimestamp, generation, managedFields, resourceVersion, uid, name, ...metadata } =
    object.metadata;
  return { ...object, metadata: { ...metadata, ...(metadata.generateName === undefined ? { name } : {}) } };
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
