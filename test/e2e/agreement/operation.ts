import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../../replay/case.ts';
import type { KubeObject } from '../../../replay/cluster.ts';
import { readDocuments } from '../../../replay/yaml-file.ts';
import type { Outcome } from '../ran.ts';
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
  if (operation === 'CREATE') return run(place, given, 'creating');
  if (oldObject === null) throw new Error(`nothing is known of a ${operation} without an old object`);
  const old = objectOf(given, 'oldObject') ?? oldObject;
  try {
    await put(place, given, old);
    return await run(place, given, operation === 'DELETE' ? 'deleting' : 'replacing');
  } finally {
    await takeAway(place, given, old);
  }
}

const COMMANDS: { readonly [verb: string]: string } = { creating: 'create', replacing: 'replace', deleting: 'delete' };

async function run({ plane, recorder }: Place, given: Case, verb: string): Promise<Done> {
  const { object, userInfo, subResource } = given.review.request;
  const { username, groups = [] } = userInfo as { username: string; groups?: string[] };
  const sent = objectOf(given, 'object') ?? object ?? objectOf(given, 'oldObject');
  recorder.taken();
  const outcome = await plane.kubectl(
    [
      COMMANDS[verb] ?? verb,
      '--dry-run=server',
      ...['--as', username, ...groups.flatMap((group) => ['--as-group', group])],
      ...namespaceOf(given),
      // Mistakes are for the API server to find.
      ...(verb === 'deleting' ? ['-o', 'name'] : ['-o', 'json', '--validate=false']),
      ...(subResource === undefined ? [] : [`--subresource=${subResource}`]),
      ...['-f', '-'],
    ],
    { input: JSON.stringify(sent) },
  );
  return { ...outcome, recordings: recorder.taken(), verb };
}

async function put({ plane, recorder }: Place, given: Case, old: KubeObject): Promise<void> {
  await recorder.bypassed(async () => {
    const input = JSON.stringify(old);
    await plane.succeeded(['create', '--validate=false', ...namespaceOf(given), '-f', '-'], { input });
    // Its finalizers keep it.
    if ('deletionTimestamp' in old.metadata) {
      await plane.succeeded(['delete', '--wait=false', ...namespaceOf(given), '-f', '-'], { input });
    }
  });
}

async function takeAway({ plane, recorder }: Place, given: Case, old: KubeObject): Promise<void> {
  await recorder.bypassed(async () => {
    const input = JSON.stringify(old);
    const at = [...namespaceOf(given), '-f', '-'];
    if ('finalizers' in old.metadata) {
      const patch = JSON.stringify({ metadata: { finalizers: null } });
      await plane.succeeded(['patch', '--type=merge', '-p', patch, ...at], { input });
    }
    await plane.succeeded(['delete', '--now', '--ignore-not-found', ...at], { input });
  });
}

function namespaceOf({ review }: Case): string[] {
  const { namespace } = review.request;
  return namespace === undefined ? [] : [`--namespace=${namespace}`];
}

/** As its author wrote it; undefined where the case is a review. */
function objectOf({ folder }: Case, name: 'object' | 'oldObject'): KubeObject | undefined {
  const path = join(folder, `${name}.yaml`);
  return existsSync(path) ? (readDocuments(path)[0]?.value as KubeObject) : undefined;
}
