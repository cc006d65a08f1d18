import { allow, deny, invalid, Pod, validatingRule } from 'portcullis';

/** A pod that says ":latest", or no tag at all, runs something else tomorrow: nobody can tell what was rolled out. */
export const imageTag = validatingRule({
  name: 'image-tag',
  kind: Pod,
  operations: ['CREATE', 'UPDATE'],
  settings: {
    type: 'object',
    properties: {
      exempt: { type: 'array', items: { type: 'string' }, default: [], description: 'Images that may go without.' },
    },
  },
  validate(pod, { settings }) {
    const problems = [];
    for (const list of ['initContainers', 'containers'] as const) {
      for (const [i, { image = '' }] of (pod.spec?.[list] ?? []).entries()) {
        if (isPinned(image) || settings.exempt.includes(image)) continue;
        problems.push(invalid(`spec.${list}[${i}].image`, image, 'must have a tag other than latest, or a digest'));
      }
    }
    const [first, ...more] = problems;
    return first === undefined ? allow() : deny(first, ...more);
  },
});

function isPinned(image: string): boolean {
  if (image.includes('@sha256:')) return true;
  const [, tag = 'latest'] = image.slice(image.lastIndexOf('/') + 1).split(':');
  return tag !== 'latest' && tag !== '';
}
