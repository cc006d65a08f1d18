import { builtInRules, followed } from '../rules/index.ts';
import { NEWEST_KUBE_VERSION, versionText } from '../webhook/kube-version.ts';
import { configurations, type Registration } from '../webhook/registration.ts';
import { CONFIG_FLAGS } from './config-flags.ts';
import { type Said, said } from './environment.ts';
import { loadRules } from './load.ts';
import { caBundle } from './manifests/ca-bundle.ts';
import { configOfPods } from './manifests/config.ts';
import { crd } from './manifests/crd.ts';
import { NAME } from './manifests/installation.ts';
import { installationOf } from './manifests/installation-of.ts';
import { kubeVersion } from './manifests/kube-version.ts';
import { serverManifests } from './manifests/server.ts';
import { yaml } from './manifests/yaml.ts';
import { type Flags, type Given, helpText, parseFlags, UsageError } from './usage.ts';

const USAGE = 'portcullis manifests server|webhooks|crd [FLAGS]';
const STORY = `Prints manifests for kubectl apply -f -.
  server    all that a server needs, with the rules and the configuration given; to be applied, and ready, first
  webhooks  the Mutating- and ValidatingWebhookConfiguration of the rules in force
  crd       the CustomResourceDefinition of Website, which server prints too`;
const FLAGS: Flags = {
  ...CONFIG_FLAGS,
  certificate: { value: 'MODE', does: 'server: self or files, where its certificate comes from (default: self)' },
  'client-ca': {
    value: 'FILE',
    does: 'server: PEM of the CAs that API servers show a certificate of (default: none is asked)',
  },
  'client-name': {
    value: 'NAME',
    does: 'server: common name of a certificate that may ask; may be repeated (default: any)',
    isMany: true,
  },
  image: { value: 'IMAGE', does: `server: what its pods run (default: ${NAME}, of this version)` },
  url: { value: 'URL', does: 'webhooks: where API servers reach it (default: Service portcullis in its namespace)' },
  'ca-bundle': {
    value: 'FILE',
    does: 'webhooks: PEM of the CA to trust (default: none, for something else to inject)',
  },
  'kube-version': {
    value: 'VERSION',
    does: `the oldest API server they are for (default: ${versionText(NEWEST_KUBE_VERSION)})`,
  },
};

/** `portcullis manifests`: prints YAML to standard output. Gives the exit code. */
export async function manifests(args: readonly string[]): Promise<number> {
  const given = parseFlags(args, FLAGS);
  if (given.flags.help) {
    process.stdout.write(helpText(USAGE, STORY, FLAGS));
    return 0;
  }
  const [what, ...more] = given.words;
  if (more.length > 0) throw new UsageError(`manifests prints one thing at a time, not "${given.words.join(' ')}"`);
  const print = Object.hasOwn(PRINTED, what ?? '') ? PRINTED[what ?? ''] : undefined;
  if (print === undefined) {
    const wrong = what === undefined ? 'say which manifests' : `there are no manifests "${what}"`;
    throw new UsageError(`${wrong}: server, webhooks or crd`);
  }
  process.stdout.write(yaml(await print(given, said(given, FLAGS, process.env))));
  return 0;
}

const PRINTED: { readonly [what: string]: (given: Given, said: Said) => Promise<readonly object[]> } = {
  crd: async (_, { one }) => [crd(kubeVersion(one('kube-version')?.text))],
  server,
  webhooks,
};

async function server(given: Given, words: Said): Promise<readonly object[]> {
  const printed = serverManifests(await installationOf(given, words, process.env));
  // kubectl apply keeps what it applied in an annotation, which takes less than a ConfigMap does.
  if (printed.some((manifest) => JSON.stringify(manifest).length > MAX_ANNOTATIONS)) {
    told('the rules are too large for kubectl apply -f -: add --server-side to it');
  }
  return printed;
}

/** TotalAnnotationSizeLimitB (apimachinery/pkg/api/validation/objectmeta.go), less what else is in them. */
const MAX_ANNOTATIONS = 255 * 1024;

async function webhooks(given: Given, { one }: Said): Promise<readonly object[]> {
  const config = configOfPods(given, process.env);
  const url = one('url')?.text;
  const caFile = one('ca-bundle')?.text;
  const registration: Registration = {
    name: NAME,
    domain: config.domain,
    target: url === undefined ? { service: { name: NAME, namespace: config.namespace } } : { url: checkedUrl(url) },
    kubeVersion: kubeVersion(one('kube-version')?.text),
    ...(caFile === undefined ? {} : { caBundle: caBundle(caFile) }),
  };
  const rules = await loadRules(builtInRules, config, { followed });
  if (rules.rules.length === 0) told('no rule is in force: both configurations are empty, so that nobody is asked');
  return configurations(rules, registration);
}

/** As the API server wants it of clientConfig.url (protocol.md §2.1). */
function checkedUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isRight = url?.protocol === 'https:' && url.username === '' && url.password === '' && !/[?#]/.test(given);
  if (isRight) return url.href;
  throw new UsageError('--url must be like https://HOST:PORT, without user, query or fragment');
}

function told(note: string): void {
  process.stderr.write(`portcullis: ${note}\n`);
}
