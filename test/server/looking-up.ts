import type { TestContext } from 'node:test';
import { allow, ConfigMap, type Rule, validatingRule } from '../../author.ts';
import { type ServingOptions, serving } from './serving.ts';

/** A server with the rule below: `asked` resolves once it looks something up, and it waits until `found` is settled. */
export async function lookingUp(t: TestContext, options: Pick<ServingOptions, 'limits'> = {}) {
  const asked = Promise.withResolvers<void>();
  const found = Promise.withResolvers<unknown>();
  const lookups = {
    find() {
      asked.resolve();
      return found.promise;
    },
  };
  return { server: await serving(t, [looksUp], { ...options, lookups }), asked: asked.promise, found };
}

/** Admits every ConfigMap, and warns where there is no ConfigMap `b` besides. */
export const looksUp: Rule = validatingRule({
  name: 'looks-up',
  kind: ConfigMap,
  operations: ['CREATE'],
  lookups: { other: { kind: ConfigMap, name: () => 'b' } },
  validate: (_configMap, { found }) => allow(...(found.other === undefined ? ['there is no other'] : [])),
});
