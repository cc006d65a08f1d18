import { allow, deny, kindOf, required, validatingRule } from 'portcullis';

/** As the schema has it; without a selector it is here, too, until config-watcher-schema has refused it. */
interface ConfigWatcher {
  spec?: { configMap: string; podSelector?: { [label: string]: string } };
}

/** An empty selector is every pod of the namespace: one changed ConfigMap would restart all of them at once. */
export const configWatcherSelector = validatingRule({
  name: 'config-watcher-selector',
  kind: kindOf<ConfigWatcher>(new URL('config-watcher.crd.yaml', import.meta.url)),
  operations: ['CREATE', 'UPDATE'],
  validate(watcher) {
    const selector = watcher.spec?.podSelector;
    if (!selector || Object.keys(selector).length > 0) return allow();
    deny(required('spec.podSelector', 'an empty selector is every pod of the namespace: name a label'));
  },
});
