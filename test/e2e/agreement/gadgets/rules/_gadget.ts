import { kind } from 'portcullis';

interface Spec {
  readonly spec?: { [field: string]: unknown };
}

/** What the CRD of the cases defines, in the version that it stores. */
export const Gadget = kind<Spec>({
  group: 'agreement.example.org',
  version: 'v1',
  kind: 'Gadget',
  resource: 'gadgets',
  scope: 'Namespaced',
});
