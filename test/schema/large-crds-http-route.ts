import { largeCrd } from './large-crds.ts';
import { changed, type Sample } from './large-crds-sample.ts';

const CONDITIONS = 'properties.status.properties.parents.items.properties.conditions';

const condition = {
  type: 'Accepted',
  status: 'True',
  reason: 'Accepted',
  message: '',
  lastTransitionTime: '2026-01-01T00:00:00Z',
};

/**
 * Gateway API's HTTPRoute: bounds, patterns and enums in lists of lists, and defaults within defaults. Of what the
 * package lost, the conditions' key is put back.
 */
export const httpRoute: Sample = {
  schema: changed(
    changed(largeCrd('gateway.networking.k8s.io/v1 HTTPRoute'), `${CONDITIONS}.x-kubernetes-list-type`, 'map'),
    `${CONDITIONS}.x-kubernetes-list-map-keys`,
    ['type'],
  ),
  good: {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'shop' },
    spec: {
      parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'public', port: 443 }],
      hostnames: ['*.example.com', 'example.com'],
      rules: [
        {
          matches: [
            {
              path: { type: 'PathPrefix', value: '/shop' },
              method: 'GET',
              headers: [{ type: 'Exact', name: 'X-Canary', value: '1' }],
              queryParams: [{ type: 'RegularExpression', name: 'lang', value: 'en|de' }],
            },
          ],
          filters: [
            {
              type: 'RequestHeaderModifier',
              requestHeaderModifier: { set: [{ name: 'X-From', value: 'shop' }], remove: ['X-Debug'] },
            },
            { type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } },
          ],
          backendRefs: [
            { group: '', kind: 'Service', name: 'shop', port: 8080, weight: 9 },
            { group: '', kind: 'Service', name: 'shop-next', port: 8080, weight: 1 },
          ],
          timeouts: { request: '10s', backendRequest: '500ms' },
        },
      ],
    },
    status: {
      parents: [
        {
          controllerName: 'example.com/gateway',
          parentRef: { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'public' },
          conditions: [condition, { ...condition, type: 'ResolvedRefs', observedGeneration: 2 }],
        },
      ],
    },
  },
  mistakes: {
    'no spec': ['spec', undefined, 'spec: Required value'],
    'no parents in the status': ['status.parents', undefined, 'status.parents: Required value'],
    'a host in upper case': [
      'spec.hostnames[0]',
      '*.Example.com',
      String.raw`spec.hostnames[0]: Invalid value: "*.Example.com": spec.hostnames[0] in body should match '^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'`,
    ],
    'seventeen hosts': [
      'spec.hostnames',
      new Array(17).fill('example.com'),
      'spec.hostnames: Too many: 17: must have at most 16 items',
    ],
    'a port beyond the last': [
      'spec.parentRefs[0].port',
      65536,
      'spec.parentRefs[0].port: Invalid value: 65536: spec.parentRefs[0].port in body should be less than or equal to 65535',
    ],
    'a port that is a text': [
      'spec.parentRefs[0].port',
      '443',
      'spec.parentRefs[0].port: Invalid value: "string": spec.parentRefs[0].port in body must be of type integer: "string"',
    ],
    'a rule that is null': [
      'spec.rules[1]',
      null,
      'spec.rules[1]: Invalid value: "null": spec.rules[1] in body must be of type object: "null"',
    ],
    'a backend without a name': [
      'spec.rules[0].backendRefs[0].name',
      undefined,
      'spec.rules[0].backendRefs[0].name: Required value',
    ],
    'a negative weight': [
      'spec.rules[0].backendRefs[1].weight',
      -1,
      'spec.rules[0].backendRefs[1].weight: Invalid value: -1: spec.rules[0].backendRefs[1].weight in body should be greater than or equal to 0',
    ],
    'a weight with a fraction': [
      'spec.rules[0].backendRefs[1].weight',
      1.5,
      'spec.rules[0].backendRefs[1].weight: Invalid value: "float64": spec.rules[0].backendRefs[1].weight in body must be of type int32: "float64"',
      '<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec.rules[0].backendRefs[1].weight',
    ],
    'a method in lower case': [
      'spec.rules[0].matches[0].method',
      'get',
      'spec.rules[0].matches[0].method: Unsupported value: "get": supported values: "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"',
    ],
    'a path that is too long': [
      'spec.rules[0].matches[0].path.value',
      '/'.repeat(1025),
      'spec.rules[0].matches[0].path.value: Too long: may not be more than 1024 bytes',
    ],
    'a header with a space': [
      'spec.rules[0].matches[0].headers[0].name',
      'X Canary',
      String.raw`spec.rules[0].matches[0].headers[0].name: Invalid value: "X Canary": spec.rules[0].matches[0].headers[0].name in body should match '^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$'`,
    ],
    'an empty query parameter': [
      'spec.rules[0].matches[0].queryParams[0].value',
      '',
      'spec.rules[0].matches[0].queryParams[0].value: Invalid value: "": spec.rules[0].matches[0].queryParams[0].value in body should be at least 1 chars long',
    ],
    'a status code that is none of two': [
      'spec.rules[0].filters[1].requestRedirect.statusCode',
      303,
      'spec.rules[0].filters[1].requestRedirect.statusCode: Unsupported value: 303: supported values: "301", "302"',
    ],
    'a text for a list of headers': [
      'spec.rules[0].filters[0].requestHeaderModifier.remove',
      'X-Debug',
      'spec.rules[0].filters[0].requestHeaderModifier.remove: Invalid value: "string": spec.rules[0].filters[0].requestHeaderModifier.remove in body must be of type array: "string"',
    ],
    'a duration with a fraction': [
      'spec.rules[0].timeouts.request',
      '1.5s',
      `spec.rules[0].timeouts.request: Invalid value: "1.5s": spec.rules[0].timeouts.request in body should match '^([0-9]{1,5}(h|m|s|ms)){1,4}$'`,
    ],
    'no conditions': [
      'status.parents[0].conditions',
      [],
      'status.parents[0].conditions: Invalid value: 0: status.parents[0].conditions in body should have at least 1 items',
    ],
    'a condition that stands twice': [
      'status.parents[0].conditions[2]',
      { ...condition, status: 'False' },
      'status.parents[0].conditions[2]: Duplicate value: {"type":"Accepted"}',
    ],
  },
};
