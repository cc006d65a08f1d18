import { schemaRule } from 'portcullis';

/** A watcher of configuration names a ConfigMap, and says by labels whose it is. */
export const configWatcherSchema = schemaRule(new URL('config-watcher.crd.yaml', import.meta.url));
