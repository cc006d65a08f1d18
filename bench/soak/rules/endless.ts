import { allow, Pod, validatingRule } from 'portcullis';

/** The rule that costs its worker: it has no end for a pod that asks for that. */
export const endless = validatingRule({
  name: 'endless',
  kind: Pod,
  operations: ['CREATE'],
  validate(pod) {
    if (pod.metadata.labels?.['example.com/endless'] === 'true') for (;;);
    return allow();
  },
});
