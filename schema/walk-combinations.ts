import { quoted } from '../webhook/field-errors.ts';
import type { SchemaNode } from './schema-node.ts';
import { addOfNoField, type FoundError, type Path, type Sink, textOf } from './sink.ts';

type Walk = (node: SchemaNode, value: unknown, path: Path, old: unknown, sink: Sink) => number;

/**
 * What `anyOf`, `oneOf`, `allOf` and `not` find (kube-openapi, validate/schema_props.go): their own errors belong to no
 * field, and those of the branch that matched most are reported beside. Returns the matches, as `walk` does.
 */
export function walkCombinations(node: SchemaNode, value: unknown, path: Path, sink: Sink, walk: Walk): number {
  const { anyOf, oneOf, allOf, not } = node;
  if (anyOf.length + oneOf.length + allOf.length === 0 && not === undefined) return 1;
  const tried = (branch: SchemaNode): Branch => {
    const own: Sink = { errors: [], most: sink.most };
    return { matches: walk(branch, value, path, undefined, own), errors: own.errors };
  };
  const fail = (text: string, nearest?: Branch) => {
    addOfNoField(sink, () => `${quoted(textOf(path))} ${text}`);
    return nearest === undefined ? 0 : merge(nearest, sink);
  };
  return (
    1 +
    (anyOf.length === 0 ? 0 : walkAnyOf(anyOf, tried, fail)) +
    (oneOf.length === 0 ? 0 : walkOneOf(oneOf.map(tried), fail)) +
    (allOf.length === 0 ? 0 : walkAllOf(allOf.map(tried), sink, fail)) +
    (not === undefined || tried(not).errors.length > 0 ? 0 : fail('must not validate the schema (not)'))
  );
}

interface Branch {
  readonly matches: number;
  readonly errors: readonly FoundError[];
}

type Fail = (text: string, nearest?: Branch) => number;

function walkAnyOf(branches: readonly SchemaNode[], tried: (branch: SchemaNode) => Branch, fail: Fail): number {
  let nearest: Branch | undefined;
  for (const each of branches) {
    const branch = tried(each);
    if (branch.errors.length === 0) return branch.matches;
    if (nearest === undefined || branch.matches > nearest.matches) nearest = branch;
  }
  return fail('must validate at least one schema (anyOf)', nearest);
}

function walkOneOf(branches: readonly Branch[], fail: Fail): number {
  const valid = branches.filter(({ errors }) => errors.length === 0);
  const text = 'must validate one and only one schema (oneOf). Found';
  if (valid.length > 1) return fail(`${text} ${valid.length} valid alternatives`);
  if (valid[0] !== undefined) return valid[0].matches;
  return fail(
    `${text} none valid`,
    branches.reduce((nearest, next) => (next.matches > nearest.matches ? next : nearest)),
  );
}

function walkAllOf(branches: readonly Branch[], sink: Sink, fail: Fail): number {
  const valid = branches.filter(({ errors }) => errors.length === 0).length;
  const matches = branches.reduce((sum, branch) => sum + merge(branch, sink), 0);
  if (valid < branches.length) fail(`must validate all the schemas (allOf)${valid === 0 ? '. None validated' : ''}`);
  return matches;
}

function merge({ matches, errors }: Branch, sink: Sink): number {
  for (const error of errors) sink.errors.push(error);
  return matches;
}
