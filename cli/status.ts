import { configFrom } from './config.ts';
import { oneOf } from './flag-values.ts';
import { reachableHost } from './listening.ts';
import type { Status } from './status-report.ts';
import { statusText } from './status-text.ts';
import { type Flags, type Given, helpText, parseFlags, UsageError } from './usage.ts';

const USAGE = 'portcullis status [FLAGS]';
const STORY = `Asks a server that runs how it is, and says what is wrong first: rules, certificate, who trusts it, what is registered
in the cluster and how that differs from what it should be. In a cluster, of one replica:
kubectl -n portcullis-system exec deploy/portcullis -- portcullis status
Exit codes: 0 all is well, 1 something is wrong, 2 it cannot be asked.`;
const FLAGS: Flags = {
  url: {
    value: 'URL',
    does: 'where it serves /status (default: the health port of the configuration, on this machine)',
  },
  config: { value: 'FILE', does: 'configuration (default: portcullis.yaml here, if there is one)' },
  format: { value: 'FORMAT', short: 'o', does: 'text or json (default: text)' },
};

const FORMATS = ['text', 'json'] as const;

/** A server answers at once or not at all. */
const PATIENCE_MS = 5000;

/** `portcullis status`. Gives the exit code. */
export async function status(args: readonly string[]): Promise<number> {
  const given = parseFlags(args, FLAGS);
  if (given.flags.help) {
    process.stdout.write(helpText(USAGE, STORY, FLAGS));
    return 0;
  }
  if (given.words.length > 0) throw new UsageError(`status takes no "${given.words[0]}"; see portcullis status --help`);
  const [word] = given.flags.format ?? [];
  const format = oneOf(word === undefined ? undefined : { text: word, by: '--format' }, FORMATS) ?? 'text';
  const url = serverUrl(given);
  const found = await asked(url);
  process.stdout.write(format === 'json' ? `${JSON.stringify(found, null, 2)}\n` : statusText(found, url));
  return found.problems.length === 0 ? 0 : 1;
}

/** Without a slash at its end. */
function serverUrl(given: Given): string {
  const [url] = given.flags.url ?? [];
  if (url === undefined) {
    const { host, healthPort } = configFrom({ words: [], flags: { config: given.flags.config } }, process.env);
    return `http://${reachableHost(host)}:${healthPort}`;
  }
  const isRight = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  if (isRight) return url.replace(/\/+$/, '');
  throw new UsageError('--url must be like http://127.0.0.1:8081');
}

async function asked(url: string): Promise<Status> {
  const unanswered = (reason: string) =>
    new UsageError(`${url}/status cannot be asked: ${reason}. Does a server run there? --url names another`);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const answer = await fetch(`${url}/status`, { signal, redirect: 'error' })
    .then(async (response) => ({ code: response.status, text: await response.text() }))
    .catch((error: Error & { cause?: Error & { code?: string } }) => {
      throw unanswered(error.cause?.code ?? error.cause?.message ?? error.message);
    });
  if (answer.code !== 200) throw unanswered(`it answers with ${answer.code}`);
  const found = parsed(answer.text);
  if (found?.version !== 1) throw unanswered('what it answers is no status of a version that this one knows');
  return found;
}

function parsed(text: string): Status | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
