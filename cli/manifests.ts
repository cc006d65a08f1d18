import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { builtInRules, followed } from '../rules/index.ts';
import { websiteCrd } from '../rules/website/crd.ts';
import {
  configurations,
  type KubeVersion,
  NEWEST_KUBE_VERSION,
  OLDEST_KUBE_VERSION,
  type Registration,
} from '../webhook/registration.ts';
import { configFrom } from './config.ts';
import { CONFIG_FLAGS } from './config-flags.ts';
import { said } from './environment.ts';
import { Faults } from './faults.ts';
import { loadRules } from './load.ts';
import { type Flags, type Given, helpText, parseFlags, UsageError } from './usage.ts';

const USAGE = 'portcullis manifests webhooks|crd [FLAGS]';
const STORY = `Prints manifests for kubectl apply -f -.
  webhooks  the Mutating- and ValidatingWebhookConfiguration of the rules in force
  crd       the CustomResourceDefinition of Website`;
const FLAGS: Flags = {
  ...CONFIG_FLAGS,
  url: { value: 'URL', does: 'where API servers reach it (default: Service portcullis in its namespace)' },
  'ca-bundle': { value: 'FILE', does: 'PEM of the CA to trust (default: none, for something else to inject)' },
  'kube-version': {
    value: 'VERSION',
    does: `the oldest API server they are for (default: ${text(NEWEST_KUBE_VERSION)})`,
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
  if (what === 'crd') process.stdout.write(yaml(websiteCrd));
  else if (what === 'webhooks') process.stdout.write(await webhooks(given));
  else
    throw new UsageError(
      `${what === undefined ? 'say which manifests' : `there are no manifests "${what}"`}: webhooks or crd`,
    );
  return 0;
}

async function webhooks(given: Given): Promise<string> {
  const config = configFrom(given, process.env);
  const { one } = said(given, FLAGS, process.env);
  const url = one('url')?.text;
  const caFile = one('ca-bundle')?.text;
  const registration: Registration = {
    name: 'portcullis',
    domain: config.domain,
    target:
      url === undefined ? { service: { name: 'portcullis', namespace: config.namespace } } : { url: checkedUrl(url) },
    kubeVersion: kubeVersion(one('kube-version')?.text),
    ...(caFile === undefined ? {} : { caBundle: caBundle(caFile) }),
  };
  try {
    const rules = await loadRules(builtInRules, config, { followed });
    if (rules.rules.length === 0) throw new UsageError('no rule is in force, so there is nothing to register');
    return configurations(rules, registration).map(yaml).join('---\n');
  } catch (error) {
    if (error instanceof Faults) throw new UsageError(error.message);
    throw error;
  }
}

/** As kubectl reads it, which is YAML 1.1: there an `off` without quotes is a boolean. */
function yaml(manifest: object): string {
  return stringify(manifest, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}

/** As the API server wants it of clientConfig.url (protocol.md §2.1). */
function checkedUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isRight = url?.protocol === 'https:' && url.username === '' && url.password === '' && !/[?#]/.test(given);
  if (isRight) return url.href;
  throw new UsageError('--url must be like https://HOST:PORT, without user, query or fragment');
}

/** The certificates of a PEM file and nothing else of it, so that what comes with them is not published. */
function caBundle(file: string): string {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `--ca-bundle ${file}: ${code === 'ENOENT' ? 'there is no such file' : `cannot be read: ${code}`}`,
    );
  }
  if (pem.includes('PRIVATE KEY'))
    throw new UsageError(`--ca-bundle ${file} holds a private key; give the CA's certificate`);
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0) throw new UsageError(`--ca-bundle ${file} holds no PEM certificate`);
  for (const [i, certificate] of certificates.entries()) {
    try {
      new X509Certificate(certificate);
    } catch {
      throw new UsageError(`--ca-bundle ${file}: certificate ${i + 1} of ${certificates.length} cannot be decoded`);
    }
  }
  return `${certificates.join('\n')}\n`;
}

function kubeVersion(given: string | undefined): KubeVersion {
  if (given === undefined) return NEWEST_KUBE_VERSION;
  const [, major, minor] = /^v?(\d{1,3})\.(\d{1,3})(?:[.+-].*)?$/.exec(given) ?? [];
  const version = { major: Number(major), minor: Number(minor) };
  if (version.major === OLDEST_KUBE_VERSION.major && version.minor >= OLDEST_KUBE_VERSION.minor) return version;
  throw new UsageError(`--kube-version must be like 1.28, and ${text(OLDEST_KUBE_VERSION)} or later, not "${given}"`);
}

function text({ major, minor }: KubeVersion): string {
  return `${major}.${minor}`;
}
