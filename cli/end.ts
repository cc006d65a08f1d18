/** When the process is to end. */
export interface End {
  /** The first signal that said so. */
  readonly reached: Promise<NodeJS.Signals>;
  /** Aborted then, for whatever is waited for. */
  readonly signal: AbortSignal;
}

/**
 * Listens for SIGTERM and SIGINT; a second one ends the process at once. To be called before anything is waited for: as
 * a container's first process, one without listeners is not ended by SIGTERM at all (kernel, pid_namespaces(7)).
 */
export function untilSignal(): End {
  const { promise: reached, resolve } = Promise.withResolvers<NodeJS.Signals>();
  const ending = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      if (ending.signal.aborted) process.exit(1);
      resolve(name);
      ending.abort(new Error(`told to end: ${name}`));
    });
  }
  return { reached, signal: ending.signal };
}
