// What the rule API refuses to compile: each error is expected, so that tsc fails where there is none (types.test.ts).
import { allow, isAtLeast, kind, mutatingRule, Pod, schemaRule, validatingRule } from '../../author.ts';

const Website = kind<{ spec: { gitRepo: string } }>({
  group: 'extensions.example.com',
  version: 'v1',
  kind: 'Website',
  resource: 'websites',
  scope: 'Namespaced',
});
const pods = { kind: Pod, operations: ['CREATE'] } as const;

validatingRule({
  ...pods,
  name: 'a-path-without-a-decision',
  // @ts-expect-error not all code paths return a value
  validate(pod) {
    if (pod.spec) return allow();
  },
});
// @ts-expect-error asynchronous
validatingRule({ ...pods, name: 'a', validate: async () => allow() });
// @ts-expect-error asynchronous
mutatingRule({ ...pods, name: 'a', mutate: async () => {} });
// @ts-expect-error a mutating rule returns nothing
mutatingRule({ ...pods, name: 'a', mutate: () => allow() });
// @ts-expect-error mutating a DELETE
mutatingRule({ name: 'a', kind: Pod, operations: ['DELETE'], mutate() {} });
// @ts-expect-error a decision that allow() did not make
validatingRule({ ...pods, name: 'a', validate: () => ({ allowed: true }) });
// @ts-expect-error a lookup without a kind
validatingRule({ ...pods, name: 'a', lookups: { w: { name: () => 'x' } }, validate: () => allow() });
validatingRule({
  ...pods,
  name: 'a',
  // @ts-expect-error a lookup is optional, or it is not
  lookups: { p: { kind: Pod, name: () => 'x', optional: 'yes' } },
  validate: () => allow(),
});
// @ts-expect-error a misspelt member
validatingRule({ ...pods, name: 'a', failurepolicy: 'Fail', validate: () => allow() });
// @ts-expect-error an operation that there is not
validatingRule({ name: 'a', kind: Pod, operations: ['PATCH'], validate: () => allow() });
// @ts-expect-error no JSON Schema
validatingRule({ ...pods, name: 'a', settings: { type: 'objekt' }, validate: () => allow() });
// @ts-expect-error without a name
validatingRule({ ...pods, validate: () => allow() });

validatingRule({
  name: 'what-is-not-there',
  kind: Website,
  operations: ['CREATE', 'UPDATE'],
  settings: { type: 'object', properties: { allowedHosts: { type: 'array', items: { type: 'string' } } } },
  lookups: { pod: { kind: Pod, name: () => 'x' } },
  validate(website, { oldObject, settings, found, kubeVersion }) {
    // @ts-expect-error it may not be known
    isAtLeast(kubeVersion, { major: 1, minor: 32 });
    // @ts-expect-error it is no rule's to change
    if (kubeVersion) kubeVersion.minor = 32;
    // @ts-expect-error there is none on CREATE
    oldObject.spec;
    // @ts-expect-error no such setting
    settings.alowedHosts;
    // @ts-expect-error it may not be set
    settings.allowedHosts.length;
    // @ts-expect-error no such lookup
    found.nothing;
    // @ts-expect-error it may not be found
    found.pod.metadata;
    // @ts-expect-error no such field
    website.spec.gitrepo;
    return allow();
  },
});

const url = new URL('a.crd.yaml', import.meta.url);
// @ts-expect-error a path is no URL: it would be relative to nothing
schemaRule('a.crd.yaml');
// @ts-expect-error an object that is no CRD
schemaRule({ kind: 'Book' });
// @ts-expect-error its operations are CREATE and UPDATE
schemaRule(url, { operations: ['CREATE'] });
// @ts-expect-error a validating rule is not reinvoked
schemaRule(url, { reinvocationPolicy: 'Never' });
