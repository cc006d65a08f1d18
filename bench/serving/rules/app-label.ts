import { allow, deny, Pod, validatingRule } from 'portcullis';

/** The rule that a loaded rule is measured with: it looks, and admits. */
export const appLabel = validatingRule({
  name: 'app-label',
  kind: Pod,
  operations: ['CREATE'],
  validate(pod) {
    if (pod.metadata.labels?.app === undefined) deny('a pod says by the label app what it is part of');
    return allow();
  },
});
