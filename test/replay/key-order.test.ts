import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterOf } from '../../replay/cluster.ts';
import { inKeyOrder } from '../../replay/key-order.ts';
import { parseDocuments } from '../../replay/yaml-file.ts';
import { parseExactly } from '../../schema/exact-json.ts';

const GATEWAY_CRD = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gateways.networking.k8s.io }
spec:
  group: networking.k8s.io
  scope: Namespaced
  names: { kind: Gateway, plural: gateways }
  versions: [{ name: v1, served: true, storage: true }]
`;
const cluster = clusterOf(parseDocuments(GATEWAY_CRD, 'cluster.yaml'), []);

/** Maps are printed by their keys (Go, encoding/json), and custom resources are maps to an API server; the others are Go types. */
for (const [sentence, given, sent] of [
  [
    'a custom resource by its keys, at every depth',
    '{"kind":"Site","apiVersion":"example.com/v1","metadata":{"name":"a"},"spec":{"z":{"b":1,"a":2},"y":[{"d":1,"c":2},1]}}',
    '{"apiVersion":"example.com/v1","kind":"Site","metadata":{"name":"a"},"spec":{"y":[{"c":2,"d":1},1],"z":{"a":2,"b":1}}}',
  ],
  [
    'one in a group that ends as built-in ones do, by its CRD',
    '{"kind":"Gateway","apiVersion":"networking.k8s.io/v1","metadata":{}}',
    '{"apiVersion":"networking.k8s.io/v1","kind":"Gateway","metadata":{}}',
  ],
  [
    'big numbers with all of their digits, and null',
    '{"kind":"Site","apiVersion":"example.com/v1","metadata":{},"spec":{"b":9007199254740993,"a":null}}',
    '{"apiVersion":"example.com/v1","kind":"Site","metadata":{},"spec":{"a":null,"b":9007199254740993}}',
  ],
  [
    'a Pod, which is no map to it, as it came',
    '{"kind":"Pod","apiVersion":"v1","metadata":{},"spec":{"volumes":[],"containers":[]}}',
    '{"kind":"Pod","apiVersion":"v1","metadata":{},"spec":{"volumes":[],"containers":[]}}',
  ],
  [
    'an Ingress, of a built-in group with a dot, as it came',
    '{"kind":"Ingress","apiVersion":"networking.k8s.io/v1","metadata":{}}',
    '{"kind":"Ingress","apiVersion":"networking.k8s.io/v1","metadata":{}}',
  ],
] as const) {
  test(`it prints ${sentence}`, () => {
    assert.equal(JSON.stringify(inKeyOrder(parseExactly(given) as never, cluster)), sent);
  });
}
