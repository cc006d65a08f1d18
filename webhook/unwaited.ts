import { isPromise } from 'node:util/types';

/** Lets go of what may be a promise that nobody waits for: its rejection would end the process. */
export function unwaited(value: unknown): void {
  if (isPromise(value)) value.then(undefined, () => {});
}
