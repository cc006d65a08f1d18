import { BACKOFF, pauseAfter } from '../cluster/backoff.ts';
import { pathOf, type WebhookConfigurationPlace } from './ca-bundle.ts';
import { type Log, onChange } from './log.ts';
import { type Pause, reasonOf } from './patiently.ts';

/** Between two watches: an API server that ends each at once is not to be kept busy. */
const AFTER_MS = 1000;

/**
 * Calls `changed` when a configuration is made, changed or deleted, and once at the beginning of each watch where it is
 * there, until the signal is aborted. What keeps it from watching is told, once until it changes: whoever needs to know
 * of every change has to look now and then as well. Never rejects.
 */
export async function watchConfiguration(
  { client, resource, name }: WebhookConfigurationPlace,
  changed: () => void,
  { log, pause, signal }: { readonly log: Log; readonly pause: Pause; readonly signal: AbortSignal },
): Promise<void> {
  const configuration = `${resource}/${name}`;
  // RBAC takes this selector for the name, so that the right to watch can be limited to it.
  const query = { fieldSelector: `metadata.name=${name}` };
  const tell = onChange();
  let failures = 0;
  let failure: unknown;
  while (!signal.aborted) {
    try {
      await client.watch(pathOf(resource), query, ({ type }) => type !== 'BOOKMARK' && changed(), signal);
      failures = 0;
      tell('watched', () => {});
    } catch (error) {
      if (signal.aborted) return;
      failures++;
      failure = error;
      const reason = reasonOf(error);
      tell(reason, () =>
        log.warn({ configuration, reason }, 'the configuration cannot be watched; looking now and then'),
      );
    }
    const wait = failures === 0 ? AFTER_MS : pauseAfter(failures, failure, BACKOFF, Math.random());
    await pause(wait, signal).catch(() => {});
  }
}
