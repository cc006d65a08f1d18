import { watchObject } from '../cluster/watch-object.ts';
import { pathOf, type WebhookConfigurationPlace } from './ca-bundle.ts';
import { type Log, onChange } from './log.ts';
import { type Pause, reasonOf } from './patiently.ts';

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
  const tell = onChange();
  const watched = () => tell('watched', () => {});
  const failed = (error: unknown) => {
    const reason = reasonOf(error);
    tell(reason, () =>
      log.warn({ configuration, reason }, 'the configuration cannot be watched; looking now and then'),
    );
  };
  await watchObject(client, { path: pathOf(resource), name }, { changed, watched, failed }, { pause, signal });
}
