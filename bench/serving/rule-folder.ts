import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Fills a new folder with so many rule files, as teams would have them: the first rule is for new Pods, the others for
 * other resources, or for Pods that go. All share one webhook.
 */
export function writeRules(folder: string, count: number): void {
  mkdirSync(folder);
  for (let i = 0; i < count; i++) writeFileSync(join(folder, `rule-${i}.ts`), i === 0 ? POD_RULE : otherRule(i));
}

const POD_RULE = `import { allow, deny, Pod, validatingRule } from 'portcullis';

export const rule = validatingRule({
  name: 'rule-0',
  kind: Pod,
  operations: ['CREATE'],
  validate(pod) {
    if (pod.metadata.labels?.app === undefined) deny('a pod says by the label app what it is part of');
    return allow();
  },
});
`;

function otherRule(i: number): string {
  const [kind, operation] = i % 2 === 0 ? [kindOf(i), 'CREATE'] : ['Pod', 'DELETE'];
  return `import { allow, deny, kind, Pod, validatingRule } from 'portcullis';

export const rule = validatingRule({
  name: 'rule-${i}',
  kind: ${kind},
  operations: ['${operation}'],
  validate(object) {
    if (object.metadata?.labels?.team === undefined) deny('it says by the label team whose it is');
    return allow();
  },
});
`;
}

function kindOf(i: number): string {
  return `kind({ group: 'things.example.com', version: 'v1', kind: 'Thing${i}', resource: 'thing${i}s', scope: 'Namespaced' })`;
}
