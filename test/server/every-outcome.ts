import {
  allow,
  deny,
  invalid,
  type Kind,
  mutatingRule,
  type Rule,
  required,
  skip,
  validatingRule,
} from '../../author.ts';
import type { Tree } from './recorded.ts';

const EDITING = ['CREATE', 'UPDATE', 'CONNECT'] as const;
const ALL = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'] as const;
const validating = (name: string, validate: (object: Tree) => ReturnType<typeof allow>): Validating => ({
  name,
  webhook: name,
  operations: ALL,
  validate,
});
const mutating = (name: string, mutate: (draft: Tree) => undefined): Mutating => ({
  name,
  webhook: name,
  operations: EDITING,
  mutate,
});

interface Validating {
  readonly name: string;
  readonly webhook: string;
  readonly operations: typeof ALL;
  readonly validate: (object: Tree) => ReturnType<typeof allow>;
}

interface Mutating {
  readonly name: string;
  readonly webhook: string;
  readonly operations: typeof EDITING;
  readonly mutate: (draft: Tree) => undefined;
}

/** A rule for each thing that may come of a review, each in a webhook of its own that has the rule's name. */
export function everyOutcome(kind: readonly Kind<Tree>[]): Rule[] {
  const fails = (): never => {
    throw new Error('out of order');
  };
  return [
    mutatingRule({ kind, ...mutating('marks', mark) }),
    mutatingRule({ kind, ...mutating('looks-on', () => undefined) }),
    mutatingRule({ kind, ...mutating('skips', () => skip('not_meant', 'this is for others')) }),
    mutatingRule({ kind, ...mutating('refuses', () => deny('not like this')) }),
    mutatingRule({ kind, ...mutating('breaks', fails) }),
    mutatingRule({ kind, ...mutating('may-break', fails), failurePolicy: 'Ignore' }),
    mutatingRule({ kind, ...mutating('makes-nonsense', nonsense) }),
    validatingRule({ kind, ...validating('admits', () => allow()) }),
    validatingRule({ kind, ...validating('warns', () => allow('be careful', 'and quick')) }),
    validatingRule({ kind, ...validating('denies', () => deny('not today', 'nor tomorrow')) }),
    validatingRule({
      kind,
      ...validating('finds-faults', () => deny(invalid('a.b[0]', 1, 'must be 2'), required('c'))),
    }),
    validatingRule({ kind, ...validating('finds-both', () => deny('not today', required('c'))) }),
    validatingRule({ kind, ...validating('fails', fails) }),
    validatingRule({ kind, ...validating('may-fail', fails), failurePolicy: 'Ignore' }),
  ];
}

/** Leaves a mark on any object: a label and an annotation, or for options, which have no metadata, a member. */
export function mark(object: Tree): undefined {
  if (object.metadata === undefined) {
    object.container = 'marked';
    return;
  }
  object.metadata.labels = { ...object.metadata.labels, 'example.com/marked': 'yes' };
  object.metadata.annotations = { ...object.metadata.annotations, 'example.com/~marked': 'at "once"' };
}

/** The API server would answer 500 to this even under Ignore. */
function nonsense(object: Tree): undefined {
  object.metadata = { ...object.metadata, labels: { marked: 1 } };
}
