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
      description: 'What is served, and how it is fetched.',
      required: ['gitRepo'],
      properties: {
        gitRepo: {
          type: 'string',
          description: 'Where the content is: https://host/path, ssh://[user@]host/path or [user@]host:path.',
          maxLength: 2048,
        },
        ref: {
          type: 'string',
          description: 'The branch, tag or full commit hash that is served. HEAD is the default branch.',
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
          description: 'What the Git server asks for; none for a public repository.',
          // A reference is one thing: of two appliers, one names the Secret, and no half of it is another's.
          'x-kubernetes-map-type': 'atomic',
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
      description: 'What a controller found. It is written through the status subresource alone.',
      properties: {
        observedGeneration: {
          type: 'integer',
          description: 'The metadata.generation that the conditions tell of.',
          minimum: 0,
        },
        conditions: {
          type: 'array',
          description: 'What holds of the Website, one of each type; Ready says whether its content is served.',
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
                description: 'What the condition is about, in CamelCase: Ready.',
                maxLength: 316,
                pattern:
                  '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
              },
              status: {
                type: 'string',
                description: 'Whether it holds. YAML needs the quotes: "True".',
                enum: ['True', 'False', 'Unknown'],
              },
              observedGeneration: {
                type: 'integer',
                description: 'The metadata.generation that this condition tells of.',
                minimum: 0,
              },
              lastTransitionTime: {
                type: 'string',
                description: 'When the status last changed.',
                format: 'date-time',
              },
              reason: {
                type: 'string',
                description: 'Why, in one word of CamelCase, for programs.',
                minLength: 1,
                maxLength: 1024,
                pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
              },
              message: { type: 'string', description: 'Why, in a sentence, for people.', maxLength: 32768 },
            },
          },
        },
      },
    },
  },
} as const;

/**
 * The CRD, of nothing that an API server 1.20 would refuse. Its category is our own: in `all`, everybody who may not
 * list Websites would get an error from `kubectl get all`.
 */
export const websiteCrd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'websites.extensions.example.com' },
  spec: {
    group: 'extensions.example.com',
    scope: 'Namespaced',
    names: {
      kind: 'Website',
      listKind: 'WebsiteList',
      plural: 'websites',
      singular: 'website',
      shortNames: ['site'],
      categories: ['portcullis'],
    },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: 'Repo', type: 'string', jsonPath: '.spec.gitRepo', description: 'Where the content is.' },
          { name: 'Ref', type: 'string', jsonPath: '.spec.ref', description: 'What of it is served.' },
          {
            name: 'Ready',
            type: 'string',
            jsonPath: '.status.conditions[?(@.type=="Ready")].status',
            description: 'Whether the content is served.',
          },
          {
            name: 'Reason',
            type: 'string',
            jsonPath: '.status.conditions[?(@.type=="Ready")].reason',
            description: 'Why it is served, or is not.',
            priority: 1,
          },
          {
            name: 'Period',
            type: 'string',
            jsonPath: '.spec.period',
            description: 'The time between two fetches.',
            priority: 1,
          },
          {
            name: 'Secret',
            type: 'string',
            jsonPath: '.spec.credentials.secretName',
            description: 'What the Git server asks for.',
            priority: 1,
          },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
        schema: { openAPIV3Schema: websiteSchema },
      },
    ],
  },
} as const;
