import { mutatingRule, Pod } from 'portcullis';

/** Makes of git-sync's container what the pod's annotation says, as an injector would that does not care. */
export const loosened = mutatingRule({
  name: 'loosened',
  kind: Pod,
  operations: ['CREATE'],
  mutate(pod) {
    const context = pod.metadata.annotations?.['created.test/security-context'];
    const container = pod.spec?.containers.find(({ name }) => name === 'git-sync');
    if (context !== undefined && container?.securityContext) {
      Object.assign(container.securityContext, JSON.parse(context));
    }
  },
});
