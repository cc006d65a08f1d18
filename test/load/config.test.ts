import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { type Config, configFrom } from '../../cli/config.ts';
import { SERVE_FLAGS } from '../../cli/config-flags.ts';
import { type Flags, parseFlags, UsageError } from '../../cli/usage.ts';
import { folderOf } from './rule-folder.ts';

const YAML = `
ruleFolders: [rules, /srv/rules]
namespace: gate
ignoredNamespaces: [kube-system, gate]
domain: hooks.example.org
server: { host: 10.0.0.1, port: 1, healthPort: 2, drainSeconds: 3, logLevel: debug }
certificate: { folder: certs, names: [a.example.org], secret: ca }
cluster: { access: none, kubeconfig: admin.conf }
`;

/** A command line and an environment, and what holds then, of the configuration above or of none. */
const cases: readonly {
  sentence: string;
  args?: readonly string[];
  environment?: { readonly [name: string]: string };
  file?: false;
  /** In place of the configuration above. */
  yaml?: string;
  holds: (folder: string) => Partial<Config>;
}[] = [
  {
    sentence: 'nothing is said: the defaults',
    file: false,
    holds: () => ({
      ruleFolders: [],
      namespace: 'portcullis-system',
      ignoredNamespaces: ['kube-system', 'kube-public', 'kube-node-lease', 'portcullis-system'],
      domain: 'extensions.example.com',
      host: '127.0.0.1',
      port: 8443,
      healthPort: 8081,
      drainSeconds: 10,
      logLevel: 'info',
      certificate: { mode: 'dev', folder: resolve('.portcullis'), names: [], secret: 'portcullis-ca' },
      cluster: { access: 'auto' },
      clients: undefined,
    }),
  },
  {
    sentence: 'the file stands over the defaults, and its paths are relative to it',
    holds: (folder) => ({
      ruleFolders: [join(folder, 'rules'), '/srv/rules'],
      namespace: 'gate',
      ignoredNamespaces: ['kube-system', 'gate'],
      domain: 'hooks.example.org',
      host: '10.0.0.1',
      port: 1,
      healthPort: 2,
      drainSeconds: 3,
      logLevel: 'debug',
      // A server that listens on one address is called by it.
      certificate: { mode: 'dev', folder: join(folder, 'certs'), names: ['a.example.org', '10.0.0.1'], secret: 'ca' },
      cluster: { access: 'none', kubeconfig: join(folder, 'admin.conf') },
    }),
  },
  {
    sentence:
      'the environment stands over the file; lists are separated by commas, paths relative to the working folder',
    environment: {
      PORTCULLIS_RULES: 'a,b',
      PORTCULLIS_HOST: '::',
      PORTCULLIS_PORT: '11',
      PORTCULLIS_HEALTH_PORT: '12',
      PORTCULLIS_DRAIN_SECONDS: '0',
      PORTCULLIS_LOG_LEVEL: 'warn',
      PORTCULLIS_CERTS: 'c',
      PORTCULLIS_DNS_NAME: 'b.example.org,c.example.org',
      PORTCULLIS_NAMESPACE: 'other',
      PORTCULLIS_CERTIFICATE: 'self',
      PORTCULLIS_CLUSTER_ACCESS: 'auto',
      PORTCULLIS_KUBECONFIG: 'k',
    },
    holds: () => ({
      ruleFolders: [resolve('a'), resolve('b')],
      host: '::',
      port: 11,
      healthPort: 12,
      drainSeconds: 0,
      logLevel: 'warn',
      namespace: 'other',
      ignoredNamespaces: ['kube-system', 'gate', 'other'],
      certificate: { mode: 'self', folder: resolve('c'), names: ['b.example.org', 'c.example.org'], secret: 'ca' },
      cluster: { access: 'auto', kubeconfig: resolve('k') },
    }),
  },
  {
    sentence: 'a flag stands over its variable',
    args: ['--rules', 'x', '--rules=y', '--port', '21', '--log-level', 'error', '--certificate', 'files'],
    environment: { PORTCULLIS_RULES: 'a', PORTCULLIS_PORT: 'eleven', PORTCULLIS_CERTIFICATE: 'self' },
    holds: (folder) => ({
      ruleFolders: [resolve('x'), resolve('y')],
      port: 21,
      healthPort: 2,
      logLevel: 'error',
      // Files are what they are: the address listened on is no name that is asked of them.
      certificate: { mode: 'files', folder: join(folder, 'certs'), names: ['a.example.org'], secret: 'ca' },
    }),
  },
  {
    sentence: 'an empty variable says nothing',
    environment: { PORTCULLIS_PORT: '', PORTCULLIS_RULES: '', PORTCULLIS_CONFIG: '' },
    holds: (folder) => ({ port: 1, ruleFolders: [join(folder, 'rules'), '/srv/rules'] }),
  },
  {
    sentence: 'what the kubelet says of a Service named portcullis is no setting',
    environment: {
      PORTCULLIS_PORT: 'tcp://10.96.0.7:443',
      PORTCULLIS_PORT_443_TCP: 'tcp://10.96.0.7:443',
      PORTCULLIS_PORT_443_TCP_ADDR: '10.96.0.7',
      PORTCULLIS_PORT_443_TCP_PORT: '443',
      PORTCULLIS_PORT_443_TCP_PROTO: 'tcp',
      PORTCULLIS_SERVICE_HOST: '10.96.0.7',
      PORTCULLIS_SERVICE_PORT: '443',
      PORTCULLIS_SERVICE_PORT_HTTPS: '443',
      PORTCULLIS_HEALTH_PORT: 'tcp://10.96.0.8:8080',
    },
    holds: () => ({ host: '10.0.0.1', port: 1, healthPort: 2 }),
  },
  {
    sentence: 'the file says which clients may ask: its path is relative to it',
    yaml: 'server: { clientCa: ca.crt, clientNames: [kube-apiserver] }',
    holds: (folder) => ({ clients: { caFile: join(folder, 'ca.crt'), names: ['kube-apiserver'] } }),
  },
  {
    sentence: 'the file names their CA alone: any name of it will do',
    yaml: 'server: { clientCa: ca.crt }',
    holds: (folder) => ({ clients: { caFile: join(folder, 'ca.crt'), names: [] } }),
  },
  {
    sentence: 'variables say which clients may ask',
    yaml: 'server: { clientCa: ca.crt, clientNames: [kube-apiserver] }',
    environment: { PORTCULLIS_CLIENT_CA: 'a/ca.crt', PORTCULLIS_CLIENT_NAME: 'b,c d' },
    holds: () => ({ clients: { caFile: resolve('a/ca.crt'), names: ['b', 'c d'] } }),
  },
  {
    sentence: 'flags say which clients may ask',
    args: ['--client-ca', 'x.crt', '--client-name', 'y', '--client-name', 'z'],
    environment: { PORTCULLIS_CLIENT_CA: 'a/ca.crt', PORTCULLIS_CLIENT_NAME: 'b,c' },
    holds: () => ({ clients: { caFile: resolve('x.crt'), names: ['y', 'z'] } }),
  },
  {
    sentence: 'both ports may be 0: any free ones',
    args: ['--port', '0', '--health-port', '0'],
    holds: () => ({ port: 0, healthPort: 0 }),
  },
];

for (const { sentence, args = [], environment = {}, file, yaml = YAML, holds } of cases) {
  test(`what holds when ${sentence}`, async (t) => {
    const folder = await folderOf(t, { 'portcullis.yaml': yaml });
    const config = file === false ? [] : ['--config', join(folder, 'portcullis.yaml')];
    const held = configFrom(parseFlags([...config, ...args], SERVE_FLAGS), environment);
    const expected = holds(folder);
    assert.deepEqual(
      Object.fromEntries(Object.keys(expected).map((key) => [key, held[key as keyof Config]])),
      expected,
    );
  });
}

test('PORTCULLIS_CONFIG names the file', async (t) => {
  const folder = await folderOf(t, { 'portcullis.yaml': YAML });
  const config = configFrom(parseFlags([], SERVE_FLAGS), { PORTCULLIS_CONFIG: join(folder, 'portcullis.yaml') });
  assert.equal(config.namespace, 'gate');
});

/** Command lines and environments that are refused, and the whole message. */
const refused: readonly [args: readonly string[], environment: { [name: string]: string }, message: string][] = [
  [['--port', 'x'], {}, '--port must be a whole number from 0 to 65535, not "x"'],
  [['--port=-1'], {}, '--port must be a whole number from 0 to 65535, not "-1"'],
  [['--port', '1e3'], {}, '--port must be a whole number from 0 to 65535, not "1e3"'],
  [['--health-port', '65536'], {}, '--health-port must be a whole number from 0 to 65535, not "65536"'],
  [['--drain-seconds', '301'], {}, '--drain-seconds must be a whole number from 0 to 300, not "301"'],
  [[], { PORTCULLIS_HEALTH_PORT: ' 80' }, 'PORTCULLIS_HEALTH_PORT must be a whole number from 0 to 65535, not " 80"'],
  [['--log-level', 'trace'], {}, '--log-level must be debug, info, warn or error, not "trace"'],
  [[], { PORTCULLIS_LOG_LEVEL: 'INFO' }, 'PORTCULLIS_LOG_LEVEL must be debug, info, warn or error, not "INFO"'],
  [['--port', '8081'], {}, 'port and health-port are both 8081: choose another with --port or --health-port'],
  [['--certificate', 'file'], {}, '--certificate must be dev, files or self, not "file"'],
  [
    ['--certificate', 'files'],
    {},
    'certificate mode files needs the folder of tls.crt and tls.key: name it with --certs',
  ],
  [['--cluster-access', 'off'], {}, '--cluster-access must be auto or none, not "off"'],
  [
    ['--certificate', 'self', '--cluster-access', 'none'],
    {},
    'certificate mode self needs the cluster, and cluster-access is none: choose mode files or dev',
  ],
  [
    [],
    { PORTCULLIS_NAMESPACE: 'a.b' },
    'PORTCULLIS_NAMESPACE must be the name of a namespace, like portcullis-system, not "a.b"',
  ],
  [
    ['--client-name', 'kube-apiserver'],
    {},
    "clients' names mean nothing without the CA of their certificates: name it with --client-ca",
  ],
  [
    ['--client-ca', 'ca.crt', '--client-name', 'a', '--client-name', 'b,c'],
    {},
    'a client\'s name cannot have a comma in it, as "b,c" has',
  ],
  [
    [],
    { PORTCULLIS_CLIENT_NAMES: 'a' },
    'there is no setting PORTCULLIS_CLIENT_NAMES; did you mean PORTCULLIS_CLIENT_NAME?',
  ],
  [[], { PORTCULLIS_RULE: '/rules' }, 'there is no setting PORTCULLIS_RULE; did you mean PORTCULLIS_RULES?'],
  [[], { PORTCULLIS_LOGLEVEL: 'debug' }, 'there is no setting PORTCULLIS_LOGLEVEL; did you mean PORTCULLIS_LOG_LEVEL?'],
];

for (const [args, environment, message] of refused) {
  test(`refused: ${[...Object.entries(environment).map((entry) => entry.join('=')), ...args].join(' ')}`, () => {
    assert.throws(() => configFrom(parseFlags(args, SERVE_FLAGS), environment), new UsageError(message));
  });
}

const flags: Flags = {
  port: { value: 'PORT', does: '' },
  rules: { value: 'FOLDER', does: '', isMany: true },
  quiet: { does: '' },
};

/** Command lines that cannot be read, and the whole message. */
const unreadable: readonly [args: readonly string[], message: string][] = [
  [['--prot', '1'], 'there is no flag --prot; did you mean --port?'],
  [['--tls'], 'there is no flag --tls; known: --port, --rules, --quiet, --help'],
  [['-p', '1'], 'there is no flag -p; known: --port, --rules, --quiet, --help'],
  [['--no-quiet'], 'there is no flag --no-quiet; known: --port, --rules, --quiet, --help'],
  [['--constructor'], 'there is no flag --constructor; known: --port, --rules, --quiet, --help'],
  [['--port'], '--port needs a value: --port PORT'],
  [['--port='], '--port needs a value: --port PORT'],
  [['--port', ''], '--port needs a value: --port PORT'],
  [['--port', '--quiet'], '--port needs a value: --port PORT'],
  [['--port', '1', '--port', '1'], '--port is given more than once'],
  [['--quiet=no'], '--quiet takes no value, not "no"'],
];

for (const [args, message] of unreadable) {
  test(`refused: ${args.map((arg) => arg || "''").join(' ')}`, () => {
    assert.throws(() => parseFlags(args, flags), new UsageError(message));
  });
}

test('flags and words may stand in any order, and -h is --help', () => {
  assert.deepEqual(parseFlags(['a', '--port', '1', 'b', '--rules=x', '-h', '--rules', 'y', '--', '--port'], flags), {
    words: ['a', 'b', '--port'],
    flags: { port: ['1'], rules: ['x', 'y'], help: ['true'] },
  });
});
