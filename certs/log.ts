/** Where this folder says what it does; pino's form, detail first. */
export interface Log {
  info(detail: object, message: string): void;
  warn(detail: object, message: string): void;
  error(detail: object, message: string): void;
}

/** Gives a function that runs `say` unless `what` is the same as the last time: a log repeats nothing every few seconds. */
export function onChange(): (what: string, say: () => void) => void {
  let last: string | undefined;
  return (what, say) => {
    if (what !== last) say();
    last = what;
  };
}
