import { allow, ConfigMap, deny, mutatingRule, Pod, validatingRule } from 'portcullis';
import { faults } from './_faults.ts';

const asked = (
  name: 'fault' | 'second' | 'ignored' | 'edit',
  object: { metadata: { annotations?: { [key: string]: string } } },
) => faults[object.metadata.annotations?.[name] ?? '']?.() as never;

/** Does what the annotation `fault` says, and admits. */
export const faulty = validatingRule({
  name: 'faulty',
  kind: Pod,
  operations: ['CREATE'],
  validate: (pod) => asked('fault', pod) ?? allow(),
});

/** The same for `second`. */
export const second = validatingRule({
  name: 'second',
  kind: Pod,
  operations: ['CREATE'],
  validate: (pod) => asked('second', pod) ?? allow(),
});

/** The same for `ignored`, and no matter. */
export const faultyIgnored = validatingRule({
  name: 'faulty-ignored',
  kind: Pod,
  operations: ['CREATE'],
  webhook: 'ignored',
  failurePolicy: 'Ignore',
  validate: (pod) => asked('ignored', pod) ?? allow(),
});

/** Its neighbour in that webhook has a say all the same. */
export const neighbour = validatingRule({
  name: 'neighbour',
  kind: Pod,
  operations: ['CREATE'],
  webhook: 'ignored',
  failurePolicy: 'Ignore',
  validate(pod) {
    if (pod.metadata.labels?.bad === 'yes') deny('it is bad');
    return allow();
  },
});

export const editsBefore = mutatingRule({
  name: 'edits-before',
  kind: Pod,
  operations: ['CREATE'],
  failurePolicy: 'Ignore',
  mutate(pod) {
    pod.metadata.labels = { ...pod.metadata.labels, before: 'yes' };
  },
});

/** Edits, and then does what the annotation `edit` says. */
export const editsFaulty = mutatingRule({
  name: 'edits-faulty',
  kind: Pod,
  operations: ['CREATE'],
  failurePolicy: 'Ignore',
  mutate(pod) {
    pod.metadata.labels = { ...pod.metadata.labels, faulty: 'yes' };
    return asked('edit', pod);
  },
});

/** Tells what it is handed besides the object. */
export const looksUp = validatingRule({
  name: 'looks-up',
  kind: ConfigMap,
  operations: ['CREATE'],
  webhook: 'looks-up',
  lookups: {
    first: { kind: ConfigMap, name: (map) => map.data?.first },
    second: { kind: Pod, name: (map) => (faults[map.data?.second ?? '']?.() ?? map.data?.second) as string },
  },
  validate(map, { found, kubeVersion }) {
    faults[map.data?.after ?? '']?.();
    return allow(
      `first: ${found.first?.data?.value}`,
      `second: ${found.second?.metadata.name}`,
      `Kubernetes: ${kubeVersion?.minor}`,
    );
  },
});
