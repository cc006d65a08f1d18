import { type Check, check } from '../replay/check/check.ts';
import { githubReport } from '../replay/check/github-report.ts';
import { jsonReport } from '../replay/check/json-report.ts';
import { manifestFiles, type Source } from '../replay/check/manifest-files.ts';
import { type Manifest, manifestsIn, type Unread } from '../replay/check/manifests.ts';
import { textReport } from '../replay/check/text-report.ts';
import { painted } from '../replay/reports/painted.ts';
import { plain } from '../replay/yaml-diff.ts';
import { configFrom } from './config.ts';
import { CONFIG_FLAGS } from './config-flags.ts';
import { readable } from './faults.ts';
import { namespaceName, oneOf } from './flag-values.ts';
import { KUBE_VERSION_FLAG, versionGiven } from './kube-version-flag.ts';
import { yaml } from './manifests/yaml.ts';
import { replayContext } from './replay-context.ts';
import { type Flags, type Given, helpText, parseFlags, UsageError } from './usage.ts';

const USAGE = 'portcullis check MANIFESTS… [FLAGS]';
const STORY = `Says what would become of manifests that are applied: files, folders, or - for standard input, as in
helm template … | portcullis check -. Each object goes the whole way that an API server would send it, through the rules in
force, and so do the Pods that a Deployment and the like would make. No cluster is asked: what is among the manifests, and
what --cluster names, is the cluster. What an API server checks and fills in by itself of its own kinds is not known here.
Exit codes: 0 all is admitted, 1 something is refused, 2 something could not be read or loaded, 3 there are no objects.`;

const { config, rules, namespace } = CONFIG_FLAGS as { [flag: string]: (typeof CONFIG_FLAGS)[string] };
const FLAGS: Flags = {
  ...(config === undefined ? {} : { config }),
  ...(rules === undefined ? {} : { rules }),
  ...(namespace === undefined ? {} : { namespace }),
  ...KUBE_VERSION_FLAG,
  'object-namespace': {
    value: 'NAME',
    short: 'n',
    does: 'where objects stand that do not say it (default: default)',
  },
  from: {
    value: 'PATH',
    does: 'what was applied before: its objects are updated, or deleted; may be repeated',
    isMany: true,
  },
  cluster: { value: 'PATH', does: 'what else is in the cluster; may be repeated', isMany: true },
  diff: { does: 'show what webhooks would change' },
  format: {
    value: 'FORMAT',
    short: 'o',
    does: 'text, json, github, or yaml: the objects as they would be stored, and the text on standard error (default: text)',
  },
  strict: { does: 'exit with 1 for warnings, too' },
  verbose: { short: 'v', does: 'tell of each object who was asked, what each rule decided, and why' },
};

const FORMATS = ['text', 'json', 'github', 'yaml'] as const;

/** `portcullis check`. Gives the exit code. */
export async function checkManifests(args: readonly string[]): Promise<number> {
  const given = parseFlags(args, FLAGS);
  if (given.flags.help) {
    process.stdout.write(helpText(USAGE, STORY, FLAGS));
    return 0;
  }
  if (given.words.length === 0) throw new UsageError('name the files or folders to check, or - for standard input');
  const format = oneOf(word(given, 'format'), FORMATS) ?? 'text';
  const objectNamespace = namespaceName(word(given, 'object-namespace')) ?? 'default';
  if (given.flags.diff !== undefined && format !== 'text' && format !== 'yaml') {
    throw new UsageError(`--diff is for people, and --format ${format} is not`);
  }
  const context = { ...(await replayContext(configFrom(given, process.env), versionGiven(given))), objectNamespace };
  const [applied, old, around] = [
    await read(given.words),
    await read(given.flags.from),
    await read(given.flags.cluster),
  ];
  const { manifests } = applied;
  const checked = await check({ manifests, old: given.flags.from && old.manifests, around: around.manifests }, context);
  const all = { ...checked, unread: [...applied.unread, ...old.unread, ...around.unread, ...checked.unread] };
  if (all.objects.length === 0 && all.unread.length === 0) {
    const places = given.words.map((path) => (path === '-' ? 'standard input' : path));
    process.stderr.write(`portcullis: there are no objects in ${places.join(', ')}\n`);
    return 3;
  }
  print(all, format, given);
  return exitCode(all, given.flags.strict !== undefined);
}

function word({ flags }: Given, name: string): { text: string; by: string } | undefined {
  const [text] = flags[name] ?? [];
  return text === undefined ? undefined : { text, by: `--${name}` };
}

async function read(paths: readonly string[] = []): Promise<{ manifests: Manifest[]; unread: Unread[] }> {
  const files = manifestFiles(
    paths.filter((path) => path !== '-'),
    readable,
  );
  const standard = paths.includes('-') ? [await standardInput()] : [];
  const all = [...standard, ...files.sources].map(manifestsIn);
  return {
    manifests: all.flatMap(({ manifests }) => manifests),
    unread: [...files.unread, ...all.flatMap(({ unread }) => unread)],
  };
}

async function standardInput(): Promise<Source> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return { file: '<stdin>', text: Buffer.concat(chunks).toString('utf8') };
}

/** Standard output gets one format and nothing else. */
function print(checked: Check, format: (typeof FORMATS)[number], { flags }: Given): void {
  const stream = format === 'yaml' ? process.stderr : process.stdout;
  const options = { isVerbose: flags.verbose !== undefined, hasDiffs: flags.diff !== undefined };
  // NO_COLOR and TERM=dumb are the terminal's wishes, which Node knows.
  const isColoured = stream.isTTY === true && stream.hasColors();
  const text = () =>
    textReport(checked, options)
      .map((line) => `${painted(line, isColoured)}\n`)
      .join('');
  const stored = checked.objects.flatMap(({ stored }) => (stored === undefined ? [] : [plain(stored) as object]));
  const printed = {
    text,
    json: () => `${JSON.stringify(jsonReport(checked), null, 2)}\n`,
    github: () =>
      githubReport(checked)
        .map((line) => `${line}\n`)
        .join(''),
    yaml: () => yaml(stored),
  };
  process.stdout.write(printed[format]());
  if (format === 'yaml') process.stderr.write(text());
}

function exitCode({ objects, unread }: Check, isStrict: boolean): number {
  if (unread.length > 0) return 2;
  return objects.some(({ isRefused, problems }) => isRefused || (isStrict && problems.length > 0)) ? 1 : 0;
}
