import { types } from 'node:util';

/** A value as a message repeats it to whoever wrote it: `"text"`, `60`, `undefined`; of anything larger only what it is. Never throws. */
export function literal(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  // Of a Proxy nothing can be asked, not even whether it is a list.
  if (types.isProxy(value)) return 'a Proxy';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' || typeof value === 'symbol' ? `a ${typeof value}` : String(value);
}
