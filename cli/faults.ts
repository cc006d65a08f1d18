import { relative } from 'node:path';
import { literal } from '../webhook/literal.ts';
import { UsageError } from './usage.ts';

/** One thing that keeps Portcullis from starting: where, and what to do. */
export interface Fault {
  /** A path, with `:line` where it is known. */
  readonly file: string;
  readonly reason: string;
}

/** Everything that is wrong with the configuration and the rules, told at once: nothing starts half-loaded. */
export class Faults extends UsageError {
  readonly faults: readonly Fault[];
  constructor(faults: readonly Fault[]) {
    const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
    const lines = faults.map(({ file, reason }) => `  ${file}: ${reason.replaceAll('\n', '\n      ')}`);
    super(`cannot begin: ${count}\n${lines.join('\n')}`);
    this.faults = faults;
  }
}

/** A path as people read it: relative to where they are, unless that is longer. */
export function readable(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') ? path : short;
}

/** A rule as a fault calls it, whatever its author has put in the place of a name. */
export function called({ name }: { readonly name: unknown }): string {
  return `rule ${typeof name === 'string' && /^\S+$/.test(name) ? name : literal(name)}`;
}
