import { largeCrd } from './large-crds.ts';
import type { Sample } from './large-crds-sample.ts';

/** Istio's DestinationRule: oneOf, anyOf, allOf and not within each other, at four places, and int32 throughout. */
export const destinationRule: Sample = {
  schema: largeCrd('networking.istio.io/v1beta1 DestinationRule'),
  good: {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'DestinationRule',
    metadata: { name: 'shop' },
    spec: {
      host: 'shop.default.svc.cluster.local',
      exportTo: ['.'],
      trafficPolicy: {
        loadBalancer: {
          consistentHash: { httpCookie: { name: 'user', ttl: '0s' }, ringHash: { minimumRingSize: 1024 } },
        },
        connectionPool: {
          tcp: { maxConnections: 100, connectTimeout: '30ms', tcpKeepalive: { probes: 3 } },
          http: { h2UpgradePolicy: 'UPGRADE', maxRetries: 3, useClientProtocol: true },
        },
        outlierDetection: { consecutive5xxErrors: 7, interval: '5m', maxEjectionPercent: 50 },
        portLevelSettings: [
          {
            port: { number: 9080 },
            loadBalancer: {
              simple: 'ROUND_ROBIN',
              localityLbSetting: { distribute: [{ from: 'us-west/*', to: { 'us-west/*': 80, 'us-east/*': 20 } }] },
            },
            tls: { mode: 'SIMPLE', subjectAltNames: ['shop.example.com'] },
          },
        ],
        tls: { mode: 'MUTUAL', clientCertificate: '/etc/certs/client.pem', privateKey: '/etc/certs/key.pem' },
      },
      subsets: [
        { name: 'v1', labels: { version: 'v1' } },
        { name: 'v2', labels: { version: 'v2' }, trafficPolicy: { loadBalancer: { simple: 'LEAST_REQUEST' } } },
      ],
    },
  },
  mistakes: {
    'a host that is a number': [
      'spec.host',
      1,
      'spec.host: Invalid value: "integer": spec.host in body must be of type string: "integer"',
    ],
    'two kinds of load balancing': [
      'spec.trafficPolicy.loadBalancer.simple',
      'RANDOM',
      '<nil>: Invalid value: "": "spec.trafficPolicy.loadBalancer" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ],
    'two kinds of load balancing for a port': [
      'spec.trafficPolicy.portLevelSettings[0].loadBalancer.consistentHash',
      { useSourceIp: true },
      '<nil>: Invalid value: "": "spec.trafficPolicy.portLevelSettings[0].loadBalancer" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ],
    'two kinds of load balancing for a subset': [
      'spec.subsets[1].trafficPolicy.loadBalancer.consistentHash',
      { httpHeaderName: 'user' },
      '<nil>: Invalid value: "": "spec.subsets[1].trafficPolicy.loadBalancer" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ],
    'a kind of load balancing that there is not': [
      'spec.trafficPolicy.portLevelSettings[0].loadBalancer.simple',
      'ROUNDROBIN',
      'spec.trafficPolicy.portLevelSettings[0].loadBalancer.simple: Unsupported value: "ROUNDROBIN": supported values: "UNSPECIFIED", "LEAST_CONN", "RANDOM", "PASSTHROUGH", "ROUND_ROBIN", "LEAST_REQUEST"',
    ],
    'more connections than int32 holds': [
      'spec.trafficPolicy.connectionPool.tcp.maxConnections',
      2 ** 31,
      '<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec.trafficPolicy.connectionPool.tcp.maxConnections',
    ],
    'connections as a text': [
      'spec.trafficPolicy.connectionPool.tcp.maxConnections',
      '100',
      'spec.trafficPolicy.connectionPool.tcp.maxConnections: Invalid value: "string": spec.trafficPolicy.connectionPool.tcp.maxConnections in body must be of type integer: "string"',
    ],
    'probes with a fraction': [
      'spec.trafficPolicy.connectionPool.tcp.tcpKeepalive.probes',
      2.5,
      'spec.trafficPolicy.connectionPool.tcp.tcpKeepalive.probes: Invalid value: "number": spec.trafficPolicy.connectionPool.tcp.tcpKeepalive.probes in body must be of type integer: "number"',
      '<nil>: Invalid value: "": Checked value must be of type integer (default format) in spec.trafficPolicy.connectionPool.tcp.tcpKeepalive.probes',
    ],
    'a mode in lower case': [
      'spec.trafficPolicy.tls.mode',
      'mutual',
      'spec.trafficPolicy.tls.mode: Unsupported value: "mutual": supported values: "DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL"',
    ],
    'a text in a map of integers, whose keys have slashes': [
      'spec.trafficPolicy.portLevelSettings[0].loadBalancer.localityLbSetting.distribute[0].to.us-west/*',
      '80',
      'spec.trafficPolicy.portLevelSettings[0].loadBalancer.localityLbSetting.distribute[0].to.us-west/*: Invalid value: "string": spec.trafficPolicy.portLevelSettings[0].loadBalancer.localityLbSetting.distribute[0].to.us-west/* in body must be of type integer: "string"',
    ],
    'labels that are a list': [
      'spec.subsets[0].labels',
      ['v1'],
      'spec.subsets[0].labels: Invalid value: "array": spec.subsets[0].labels in body must be of type object: "array"',
    ],
    'a label that is a number': [
      'spec.subsets[0].labels.version',
      1,
      'spec.subsets[0].labels.version: Invalid value: "integer": spec.subsets[0].labels.version in body must be of type string: "integer"',
    ],
    'a boolean as a text': [
      'spec.trafficPolicy.outlierDetection.splitExternalLocalOriginErrors',
      'true',
      'spec.trafficPolicy.outlierDetection.splitExternalLocalOriginErrors: Invalid value: "string": spec.trafficPolicy.outlierDetection.splitExternalLocalOriginErrors in body must be of type boolean: "string"',
    ],
    'a text for a list': [
      'spec.exportTo',
      '.',
      'spec.exportTo: Invalid value: "string": spec.exportTo in body must be of type array: "string"',
    ],
    // Two ways to hash make it none of those that oneOf knows, and so the one that is "not any of them".
    'two ways to hash, of which the schema says nothing': [
      'spec.trafficPolicy.loadBalancer.consistentHash.useSourceIp',
      true,
    ],
  },
};
