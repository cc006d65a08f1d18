import type { Flags } from './usage.ts';

/** The flags of every command that loads rules. */
export const CONFIG_FLAGS: Flags = {
  config: { value: 'FILE', does: 'configuration (default: portcullis.yaml here, if there is one)' },
  rules: { value: 'FOLDER', does: 'a folder of rule files of your own; may be repeated', isMany: true },
  namespace: { value: 'NAME', does: 'where Portcullis runs (default: portcullis-system)' },
  certificate: { value: 'MODE', does: 'dev, files or self: where its certificate comes from (default: dev)' },
  registration: {
    value: 'bundle|none',
    does: 'none: mode self puts its CA into no webhook configuration (default: bundle)',
  },
  'cluster-access': {
    value: 'auto|none',
    does: 'none: never ask an API server (default: auto, where a rule needs it)',
  },
};

/** The flags of `serve`. */
export const SERVE_FLAGS: Flags = {
  ...CONFIG_FLAGS,
  host: { value: 'ADDRESS', does: 'address to listen on, :: for all (default: 127.0.0.1)' },
  port: { value: 'PORT', does: 'HTTPS, for API servers (default: 8443; 0 takes a free one)' },
  'health-port': { value: 'PORT', does: '/livez, /readyz, /status, /metrics (default: 8081; 0 takes a free one)' },
  certs: { value: 'FOLDER', does: 'where dev keeps its certificate (default: .portcullis), and files finds it' },
  'dns-name': { value: 'NAME', does: 'a further name that the certificate is for; may be repeated', isMany: true },
  kubeconfig: {
    value: 'FILE',
    does: "to the API server (default: the pod's own, else $KUBECONFIG, else ~/.kube/config)",
  },
  'client-ca': {
    value: 'FILE',
    does: 'PEM of the CAs that API servers show a certificate of (default: none is asked)',
  },
  'client-name': {
    value: 'NAME',
    does: 'common name of a certificate that may ask; may be repeated (default: any)',
    isMany: true,
  },
  'drain-seconds': { value: 'SECONDS', does: 'how long to go on serving after SIGTERM (default: 10)' },
  isolation: { value: 'loaded|all|none', does: 'which rules run in processes of their own (default: loaded)' },
  'log-level': { value: 'LEVEL', does: 'debug, info, warn or error (default: info)' },
};
