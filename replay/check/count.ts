import type { Check, CheckedObject } from './check.ts';
import type { CheckedRequest } from './sent.ts';

/** How many of the objects came to what. */
export interface Count {
  readonly objects: number;
  /** Those that would not be stored, or whose Pods would not. */
  readonly refused: number;
  /** Those that a webhook changes, or whose Pods. */
  readonly changed: number;
  /** Those that no webhook and no schema has a say in. */
  readonly notAsked: number;
  /** Those in whose way stands what an API server evaluates and nobody here. */
  readonly notEvaluated: number;
  readonly warnings: number;
  /** Documents and files that could not be read. */
  readonly unread: number;
}

/** Counts what came of manifests. */
export function countOf({ objects, unread }: Check): Count {
  return {
    objects: objects.length,
    refused: objects.filter(({ isRefused }) => isRefused).length,
    changed: objects.filter(isChanged).length,
    notAsked: objects.filter(({ isAsked }) => !isAsked).length,
    notEvaluated: objects.filter(({ requests }) => requests.some(isInPart)).length,
    warnings: objects.flatMap(({ problems }) => problems.filter(({ isWarning }) => isWarning)).length,
    unread: unread.length,
  };
}

function isChanged({ requests }: CheckedObject): boolean {
  return requests.some(({ chain }) => chain?.verdict === 'patched');
}

function isInPart({ chain }: CheckedRequest): boolean {
  return chain !== undefined && chain.notEvaluated.length > 0;
}
