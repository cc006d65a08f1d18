import { mutatingRule, Pod, type Rule, validatingRule } from '../../author.ts';

// biome-ignore lint/suspicious/noExplicitAny: rules in plain JavaScript return and throw what they like
export type Untyped = any;

/** What can hardly be touched without an error. */
export const unfit = {
  thenGetter: Object.defineProperty({}, 'then', {
    get() {
      throw new Error('no then');
    },
  }),
  message: Object.defineProperty(new Error(), 'message', {
    get() {
      throw new Error('no message');
    },
  }),
  text: {
    toString() {
      throw new Error('no text');
    },
  },
  field: Object.defineProperty({ reason: 'r', message: 'm' }, 'field', {
    get() {
      throw new Error('no field');
    },
  }),
};
/** A rule named `it`, which edits and then ends this way. */
export function mutating(end: () => unknown, failurePolicy: 'Fail' | 'Ignore' = 'Fail'): Rule {
  return mutatingRule({
    name: 'it',
    kind: Pod,
    operations: ['CREATE'],
    failurePolicy,
    mutate(draft) {
      draft.metadata.labels = { edited: 'by it' };
      draft.spec?.containers.pop();
      return end() as undefined;
    },
  });
}

/** The same for a validating rule. */
export function validating(end: () => unknown, failurePolicy: 'Fail' | 'Ignore' = 'Fail'): Rule {
  const validate = (): Untyped => end();
  return validatingRule({ name: 'it', kind: Pod, operations: ['CREATE'], failurePolicy, validate });
}

/** A rule of this name that adds a label of this name. */
export function labelling(name: string): Rule {
  return mutatingRule({
    name,
    kind: Pod,
    operations: ['CREATE'],
    mutate(draft) {
      draft.metadata.labels = { ...draft.metadata.labels, [name]: 'yes' };
    },
  });
}

/** `throw` where only an expression fits. */
export function fail(error: unknown): never {
  throw error;
}

/** Runs it and swallows what it throws. */
export function caught(run: () => unknown): undefined {
  try {
    run();
  } catch {}
}

/** Runs the one, and the other in a finally. */
export function lastly(run: () => unknown, last: () => unknown): unknown {
  try {
    return run();
  } finally {
    last();
  }
}

/** The reasons of rejections that nobody handled while it ran. */
export async function unhandledDuring(run: () => Promise<unknown>): Promise<unknown[]> {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): unknown => unhandled.push(reason);
  process.on('unhandledRejection', listen);
  try {
    await run();
    await new Promise((resolve) => setImmediate(resolve));
    return unhandled;
  } finally {
    process.off('unhandledRejection', listen);
  }
}
