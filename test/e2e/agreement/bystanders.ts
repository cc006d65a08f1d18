import type { KubeObject } from '../../../replay/cluster.ts';
import type { Place } from './place.ts';

/**
 * Puts an object there without Portcullis being asked, one that is going as its finalizers keep it. `at` are the flags that say
 * where, if the object does not.
 */
export async function put({ plane, recorder }: Place, object: KubeObject, at: readonly string[] = []): Promise<void> {
  await recorder.bypassed(async () => {
    const input = JSON.stringify(object);
    await plane.succeeded(['create', '--validate=false', ...at, '-f', '-'], { input });
    if ('deletionTimestamp' in object.metadata) {
      await plane.succeeded(['delete', '--wait=false', ...at, '-f', '-'], { input });
    }
  });
}

/** Takes such an object away again, if it is there. */
export async function takeAway(
  { plane, recorder }: Place,
  object: KubeObject,
  at: readonly string[] = [],
): Promise<void> {
  await recorder.bypassed(async () => {
    const input = JSON.stringify(object);
    const where = [...at, '-f', '-'];
    if ('finalizers' in object.metadata) {
      const patch = JSON.stringify({ metadata: { finalizers: null } });
      await plane.succeeded(['patch', '--type=merge', '-p', patch, ...where], { input });
    }
    await plane.succeeded(['delete', '--now', '--ignore-not-found', ...where], { input });
  });
}
