import type { Rule, Schema } from '../author.ts';
import {
  ACCESS,
  CERTIFICATE_MODES,
  DNS_LABEL,
  ISOLATIONS,
  LOG_LEVELS,
  REGISTRATION,
  RULE_MODES,
} from './config-values.ts';

/** A JSON Schema of draft-07, as editors and ajv read it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/**
 * The schema of portcullis.yaml: with these rules' settings, so that an editor completes them. Rules that it does
 * not know may be the platform team's own: their settings are checked when they are loaded.
 */
export function configSchema(rules: readonly Rule[]): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'portcullis.yaml',
    description: 'The configuration of Portcullis, an admission webhook server for Kubernetes.',
    type: 'object',
    additionalProperties: false,
    properties: {
      rules: {
        description: 'Mode and settings of each rule, by its name.',
        type: 'object',
        properties: Object.fromEntries(rules.map((rule) => [rule.name, ruleSchema(strict(rule.settings))])),
        additionalProperties: ruleSchema({ type: 'object' }),
      },
      ruleFolders: {
        description: 'Folders of rule files (.ts, .js), relative to this file.',
        type: 'array',
        items: { type: 'string', minLength: 1 },
      },
      namespace: {
        ...NAMESPACE,
        description: 'Where Portcullis runs; its own objects are left alone.',
        default: 'portcullis-system',
      },
      ignoredNamespaces: {
        description: 'Namespaces to be left alone besides its own. Without the first three a cluster may deadlock.',
        type: 'array',
        items: NAMESPACE,
        default: ['kube-system', 'kube-public', 'kube-node-lease'],
      },
      domain: {
        description: 'What the names of the webhooks end in.',
        type: 'string',
        pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$',
        maxLength: 120,
        default: 'extensions.example.com',
        examples: ['extensions.example.com'],
      },
      server: {
        type: 'object',
        additionalProperties: false,
        properties: {
          host: {
            description: 'The address to listen on; :: is all of them.',
            type: 'string',
            minLength: 1,
            default: '127.0.0.1',
          },
          port: { ...PORT, description: 'HTTPS, for API servers; 0 takes a free one.', default: 8443 },
          healthPort: {
            ...PORT,
            description: '/livez, /readyz, /status and /metrics; 0 takes a free one.',
            default: 8081,
          },
          drainSeconds: {
            description: 'How long to go on serving after SIGTERM, until every API server knows.',
            type: 'integer',
            minimum: 0,
            maximum: 300,
            default: 10,
          },
          logLevel: { type: 'string', enum: LOG_LEVELS, default: 'info' },
          clientCa: {
            description:
              'PEM of the CAs that API servers show a certificate of, relative to this file. Without it anybody may ask.',
            type: 'string',
            minLength: 1,
          },
          clientNames: {
            description: 'Common names of the certificates that may ask; without any, all that clientCa signed may.',
            type: 'array',
            items: { type: 'string', minLength: 1, pattern: '^[^,]*$', examples: ['kube-apiserver'] },
          },
          isolation: {
            description:
              'Which rules run in processes of their own, where they can hold up nobody else: loaded: those of ruleFolders.',
            type: 'string',
            enum: ISOLATIONS,
            default: 'loaded',
          },
        },
      },
      certificate: {
        type: 'object',
        additionalProperties: false,
        properties: {
          mode: {
            description:
              'dev: CA and certificate made and kept in a folder. files: tls.crt and tls.key in a folder, looked after by ' +
              'something else. self: the CA in a Secret that all replicas share.',
            type: 'string',
            enum: CERTIFICATE_MODES,
            default: 'dev',
          },
          folder: {
            description: 'Where dev keeps its certificate, and files finds it; relative to this file.',
            type: 'string',
            minLength: 1,
            default: '.portcullis',
          },
          names: {
            description: 'DNS names and addresses besides localhost that the certificate is for.',
            type: 'array',
            items: { type: 'string', minLength: 1 },
          },
          secret: {
            description: "The Secret of mode self, in Portcullis' own namespace.",
            type: 'string',
            pattern: DNS_LABEL,
            default: 'portcullis-ca',
            examples: ['portcullis-ca'],
          },
        },
      },
      registration: {
        description:
          'bundle: mode self keeps its CA in the two webhook configurations. none: somebody else puts it there (the ' +
          "Secret's ca.crt), before it signs and for as long as it is in use; they are only looked at.",
        type: 'string',
        enum: REGISTRATION,
        default: 'bundle',
      },
      cluster: {
        type: 'object',
        additionalProperties: false,
        properties: {
          access: {
            description: 'none: never ask an API server. auto: where a rule looks something up, or mode self needs it.',
            type: 'string',
            enum: ACCESS,
            default: 'auto',
          },
          kubeconfig: {
            description:
              "Relative to this file; without it the pod's own service account, else $KUBECONFIG, else ~/.kube/config.",
            type: 'string',
            minLength: 1,
          },
        },
      },
    },
  };
}

/**
 * A rule's settings, where a member that the schema does not name is a mistake at every level. What is `nullable` has
 * the type `null` besides, as draft-07 says it, which knows no such keyword.
 */
export function strict(schema: Schema): JsonSchema {
  const { properties, items, additionalProperties, nullable = false, type, enum: values, ...rest } = schema;
  return {
    type: nullable ? [type, 'null'] : type,
    ...(values === undefined ? {} : { enum: nullable ? [...values, null] : values }),
    ...rest,
    ...(items === undefined ? {} : { items: strict(items) }),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, strict(part)])) }),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: strict(additionalProperties) }
      : properties === undefined && additionalProperties === undefined
        ? {}
        : { additionalProperties: false }),
  };
}

function ruleSchema(settings: JsonSchema): JsonSchema {
  return {
    type: 'object',
    additionalProperties: false,
    properties: {
      mode: {
        description:
          'enforce acts; warn tells the user and audit only the audit log what would have been decided; off.',
        type: 'string',
        enum: RULE_MODES,
        default: 'enforce',
      },
      settings,
    },
  };
}

const NAMESPACE = { type: 'string', pattern: DNS_LABEL, examples: ['team-a'] };
const PORT = { type: 'integer', minimum: 0, maximum: 65535 };
