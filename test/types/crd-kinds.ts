// What kindOf() and schemaRule() promise authors: all of this compiles, with these types. Checked by tsc (types.test.ts).
import { allow, type CustomResourceDefinition, kindOf, type Rule, schemaRule, validatingRule } from '../../author.ts';
import { same } from './equal.ts';

// A literal of a CRD is the type of its objects: that of the version that counts, or of the one that is asked for.
const crd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'books.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Book', plural: 'books', shortNames: ['b'] },
    versions: [
      {
        name: 'v1beta1',
        served: true,
        storage: false,
        schema: { openAPIV3Schema: { type: 'object', properties: { title: { type: 'string' } } } },
      },
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            required: ['spec'],
            properties: {
              spec: {
                type: 'object',
                required: ['title'],
                properties: {
                  title: { type: 'string' },
                  pages: { 'x-kubernetes-int-or-string': true },
                  sequel: { type: 'string', nullable: true },
                },
              },
            },
          },
        },
      },
    ],
  },
} as const satisfies CustomResourceDefinition;
export const ofCrd = validatingRule({
  name: 'of-crd',
  kind: kindOf(crd),
  operations: ['CREATE'],
  validate(book) {
    same<
      typeof book.spec,
      { readonly title: string; readonly pages?: number | string; readonly sequel?: string | null }
    >(true);
    return allow(book.metadata.name ?? '');
  },
});
validatingRule({
  name: 'of-another-version',
  kind: kindOf(crd, 'v1beta1'),
  operations: ['CREATE'],
  validate(book) {
    same<typeof book.title, string | undefined>(true);
    return allow();
  },
});
validatingRule({
  name: 'of-a-file',
  kind: kindOf<{ spec: { days: number } }>(new URL('a.crd.yaml', import.meta.url)),
  operations: ['CREATE'],
  validate: (report) => (report.spec.days > 16 ? allow('far away') : allow()),
});
export const schemaRules: readonly Rule[] = [
  schemaRule(crd),
  schemaRule(crd, { name: 'books', version: 'v1beta1', webhook: 'books', failurePolicy: 'Ignore' }),
  schemaRule(new URL('a.crd.yaml', import.meta.url)),
];
