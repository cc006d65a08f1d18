import { mutatingRule, Pod } from 'portcullis';

/** The rule that a loaded rule that edits is measured with. */
export const teamAnnotation = mutatingRule({
  name: 'team-annotation',
  kind: Pod,
  operations: ['CREATE'],
  mutate(pod) {
    pod.metadata.annotations = { ...pod.metadata.annotations, 'example.com/team': 'web' };
  },
});
