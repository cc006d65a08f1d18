import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../../replay/case.ts';
import type { KubeObject } from '../../../replay/cluster.ts';
import { readDocuments } from '../../../replay/yaml-file.ts';
import type { Outcome } from '../ran.ts';
import { put, takeAway } from './bystanders.ts';
import type { Place } from './place.ts';
import type { Recording } from './recorder.ts';

/** What came of a case that was done for real. */
export interface Done extends Outcome {
  readonly recordings: readonly Recording[];
  /** What kubectl did, in the words of its errors: `creating`, `replacing`, `deleting`. */
  readonly verb: string;
}

/**
 * Does with kubectl what the case is about, as its user and as a dry run, which goes through admission and leaves nothing
 * behind. The old object is put there first, past Portcullis, and taken away again. Rejects for what is not known how to do.
 */
export async function done(place: Place, given: Case): Promise<Done> {
  const { operation, oldObject } = given.review.request;
  if (operation === 'CREATE') return run(place, given, 'creating', DRY);
  if (oldObject === null) throw new Error(`nothing is known of a ${operation} without an old object`);
  const old = objectOf(given, 'oldObject') ?? oldObject;
  const at = namespaceOf(given);
  try {
    await put(place, old, at);
    return await run(place, given, operation === 'DELETE' ? 'deleting' : 'replacing', DRY);
  } finally {
    await takeAway(place, old, at);
  }
}

/** Creates for real what the case is about, or `object` instead, as its user; it is the caller's to take away. */
export async function created(place: Place, given: Case, object?: KubeObject): Promise<Done> {
  return run(place, given, 'creating', [], object);
}

/** The object that the case is about, as its author wrote it. */
export function sentOf(given: Case): KubeObject {
  const { object, oldObject } = given.review.request;
  const sent = objectOf(given, 'object') ?? object ?? objectOf(given, 'oldObject') ?? oldObject;
  if (sent === null) throw new Error(`${given.folder} has no object`);
  return sent;
}

const DRY = ['--dry-run=server'];
const COMMANDS: { readonly [verb: string]: string } = { creating: 'create', replacing: 'replace', deleting: 'delete' };

async function run(
  { plane, recorder }: Place,
  given: Case,
  verb: string,
  flags: readonly string[],
  object = sentOf(given),
): Promise<Done> {
  const { userInfo, subResource } = given.review.request;
  const { username, groups = [] } = userInfo as { username: string; groups?: string[] };
  recorder.taken();
  const outcome = await plane.kubectl(
    [
      COMMANDS[verb] ?? verb,
      ...flags,
      ...['--as', username, ...groups.flatMap((group) => ['--as-group', group])],
      ...namespaceOf(given),
      // Mistakes are for the API server to find.
      ...(verb === 'deleting' ? ['-o', 'name'] : ['-o', 'json', '--validate=false']),
      ...(subResource === undefined ? [] : [`--subresource=${subResource}`]),
      ...['-f', '-'],
    ],
    { input: JSON.stringify(object) },
  );
  return { ...outcome, recordings: recorder.taken(), verb };
}

/** The flag that names the case's namespace; none where it has none. */
export function namespaceOf({ review }: Case): string[] {
  const { namespace } = review.request;
  return namespace === undefined ? [] : [`--namespace=${namespace}`];
}

/** As its author wrote it; undefined where the case is a review. */
function objectOf({ folder }: Case, name: 'object' | 'oldObject'): KubeObject | undefined {
  const path = join(folder, `${name}.yaml`);
  return existsSync(path) ? (readDocuments(path)[0]?.value as KubeObject) : undefined;
}
