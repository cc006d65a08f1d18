import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Results, readResults } from './results.ts';

/** What a run is told. */
export interface Options {
  readonly help: boolean;
  readonly parts: readonly string[];
  readonly isQuick: boolean;
  readonly only: string | undefined;
  readonly peer: URL | undefined;
  readonly profile: string | undefined;
  /** Where results are written. */
  readonly json: string | undefined;
  /** Results that are taken instead of measuring. */
  readonly results: Results | undefined;
  readonly compare: Results | undefined;
  readonly threshold: number;
}

/**
 * Reads the flags, and the files that they name; `parts` are all there are. Throws an Error with a sentence for whoever
 * wrote them, so that nobody waits for minutes to hear it.
 */
export function optionsFrom(args: readonly string[], parts: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      part: { type: 'string', multiple: true, default: [...parts] },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      peer: { type: 'string' },
      profile: { type: 'string' },
      json: { type: 'string' },
      results: { type: 'string' },
      compare: { type: 'string' },
      threshold: { type: 'string', default: '1.3' },
    },
  });
  const unknown = values.part.find((part) => !parts.includes(part));
  if (unknown !== undefined) throw new Error(`there is no part "${unknown}": there are ${parts.join(', ')}`);
  const threshold = Number(values.threshold);
  if (!(threshold >= 1)) throw new Error(`--threshold is a ratio of 1 or more, and "${values.threshold}" is none`);
  if (values.json !== undefined) checkWritable(values.json);
  return {
    help: values.help,
    parts: values.part,
    isQuick: values.quick,
    only: values.only,
    peer: values.peer === undefined ? undefined : peerFrom(values.peer),
    profile: values.profile === undefined ? undefined : resolve(values.profile),
    json: values.json,
    results: values.results === undefined ? undefined : readResults(values.results),
    compare: values.compare === undefined ? undefined : readResults(values.compare),
    threshold,
  };
}

function peerFrom(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === 'https:') return url;
  throw new Error(`--peer is where a webhook server listens, https://HOST:PORT or with a path; "${text}" is not that`);
}

function checkWritable(file: string): void {
  const path = existsSync(file) ? file : dirname(file);
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new Error(`--json: ${file} cannot be written: ${error instanceof Error ? error.message : error}`);
  }
}
