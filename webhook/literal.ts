/** A value as a message repeats it to whoever wrote it: `"text"`, `60`, `undefined`; of anything larger only what it is. Never throws. */
export function literal(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' || typeof value === 'symbol' ? `a ${typeof value}` : String(value);
}
