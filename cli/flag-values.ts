import { DNS_LABEL } from './config-values.ts';
import type { Said } from './environment.ts';
import { UsageError } from './usage.ts';

/** The last word on a flag, whichever way it was said. */
type Word = ReturnType<Said['one']>;

/** Undefined where nothing was said. Throws UsageError, saying what would be right. */
export function wholeNumber(given: Word, maximum: number): number | undefined {
  if (given === undefined) return undefined;
  if (/^\d{1,5}$/.test(given.text) && Number(given.text) <= maximum) return Number(given.text);
  throw new UsageError(`${given.by} must be a whole number from 0 to ${maximum}, not "${given.text}"`);
}

/** The same, of a few words. */
export function oneOf<T extends string>(given: Word, known: readonly T[]): T | undefined {
  if (given === undefined) return undefined;
  const found = known.find((one) => one === given.text);
  if (found !== undefined) return found;
  const choice = `${known.slice(0, -1).join(', ')} or ${known.at(-1)}`;
  throw new UsageError(`${given.by} must be ${choice}, not "${given.text}"`);
}

/** The same, of a namespace's name. */
export function namespaceName(given: Word): string | undefined {
  if (given === undefined || new RegExp(DNS_LABEL).test(given.text)) return given?.text;
  throw new UsageError(`${given.by} must be the name of a namespace, like portcullis-system, not "${given.text}"`);
}
