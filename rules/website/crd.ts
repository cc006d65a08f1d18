/**
 * The structural schema of a Website: the single source of the CRD, of the validators and of the TypeScript type.
 * No pattern guards `gitRepo`, because the API server repeats the value in its message, password and all. An API
 * server 1.20 repeats a value that is too long as well, so the limit is one that addresses do not reach.
 */
export const websiteSchema = {
  type: 'object',
  description: 'A Website is a Git repository that the pods of its name serve.',
  required: ['spec'],
  properties: {
    spec: {
      type: 'object',
      required: ['gitRepo'],
      properties: {
        gitRepo: {
          type: 'string',
          description: 'Where the content is: https://host/path, ssh://[user@]host/path or [user@]host:path.',
          maxLength: 2048,
        },
        ref: {
          type: 'string',
          description: 'The branch, tag or full commit hash that is served.',
          maxLength: 255,
          default: 'HEAD',
        },
        period: {
          type: 'string',
          description: 'The time between two fetches, a Go duration from 10s to 24h.',
          maxLength: 64,
          default: '60s',
        },
        depth: {
          type: 'integer',
          description: 'How many commits of history are fetched; 0 fetches all.',
          minimum: 0,
          maximum: 2147483647,
          default: 1,
        },
        submodules: {
          type: 'string',
          description:
            'Whether submodules are fetched, from wherever the repository says. YAML needs the quotes: "off".',
          enum: ['off', 'shallow', 'recursive'],
          default: 'off',
        },
        credentials: {
          type: 'object',
          description: 'What the Git server asks for.',
          required: ['secretName'],
          properties: {
            secretName: {
              type: 'string',
              description: 'A Secret in the namespace of the Website.',
              minLength: 1,
              maxLength: 253,
              pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
            },
          },
        },
      },
    },
    status: {
      type: 'object',
      properties: {
        observedGeneration: {
          type: 'integer',
          description: 'The metadata.generation that the conditions tell of.',
          minimum: 0,
        },
        conditions: {
          type: 'array',
          maxItems: 16,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['type'],
          items: {
            type: 'object',
            description: 'A metav1.Condition, within the bounds that apimachinery (meta/v1/types.go) gives it.',
            required: ['type', 'status', 'lastTransitionTime', 'reason', 'message'],
            properties: {
              type: {
                type: 'string',
                maxLength: 316,
                pattern:
                  '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
              },
              status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
              observedGeneration: { type: 'integer', minimum: 0 },
              lastTransitionTime: { type: 'string', format: 'date-time' },
              reason: {
                type: 'string',
                minLength: 1,
                maxLength: 1024,
                pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
              },
              message: { type: 'string', maxLength: 32768 },
            },
          },
        },
      },
    },
  },
} as const;

/** The CRD, of nothing that an API server 1.20 would refuse. */
export const websiteCrd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'websites.extensions.example.com' },
  spec: {
    group: 'extensions.example.com',
    scope: 'Namespaced',
    names: { kind: 'Website', listKind: 'WebsiteList', plural: 'websites', singular: 'website', shortNames: ['site'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: 'Repo', type: 'string', jsonPath: '.spec.gitRepo' },
          { name: 'Ref', type: 'string', jsonPath: '.spec.ref' },
          { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
        schema: { openAPIV3Schema: websiteSchema },
      },
    ],
  },
} as const;
