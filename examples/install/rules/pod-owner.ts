import { allow, deny, Pod, validatingRule } from 'portcullis';

/** A pod without an owner is gone with its node: nobody brings it back. */
export const podOwner = validatingRule({
  name: 'pod-owner',
  kind: Pod,
  operations: ['CREATE'],
  validate(pod) {
    if (pod.metadata.ownerReferences?.length) return allow();
    deny('a pod needs an owner: make it a Deployment, a StatefulSet or a Job');
  },
});
