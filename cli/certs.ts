import { setTimeout } from 'node:timers/promises';
import type { Signer } from '../certs/authorities.ts';
import type { CaSecret } from '../certs/ca-secret.ts';
import { newSigner } from '../certs/leaf.ts';
import { reasonOf } from '../certs/patiently.ts';
import { requestRotation } from '../certs/request-rotation.ts';
import { type RotationProgress, rotationProgress } from '../certs/rotation-progress.ts';
import { SELF_TIMES } from '../certs/self-times.ts';
import { connected } from './cluster.ts';
import { type Config, configFrom } from './config.ts';
import { SERVE_FLAGS } from './config-flags.ts';
import { NAME } from './manifests/installation.ts';
import { type Flags, helpText, parseFlags, UsageError } from './usage.ts';

const USAGE = 'portcullis certs rotate [FLAGS]';
const STORY = `Has certificate mode self take a new CA, without losing a review: a next CA is put into the Secret, the replicas have
the configurations trust it, five minutes later it signs, and the old one goes when no certificate of its is left.
In a cluster: kubectl -n portcullis-system exec deploy/portcullis -- portcullis certs rotate --wait
Exit codes: 0 it is under way (with --wait: done), 1 not now, for the reason that is told, 2 it could not be tried.`;

const FLAGS: Flags = Object.fromEntries([
  ...['config', 'namespace', 'kubeconfig'].flatMap((name) => {
    const flag = SERVE_FLAGS[name];
    return flag === undefined ? [] : [[name, flag] as const];
  }),
  ['wait', { does: 'tell each step, until the new CA signs' }],
]);

/** `portcullis certs rotate`. Gives the exit code. */
export async function certs(args: readonly string[]): Promise<number> {
  const given = parseFlags(args, FLAGS);
  if (given.flags.help) {
    process.stdout.write(helpText(USAGE, STORY, FLAGS));
    return 0;
  }
  if (given.words.join(' ') !== 'rotate') throw new UsageError('say what to do: portcullis certs rotate');
  const { wait: isWaited, ...flags } = given.flags;
  const config = configFrom({ words: [], flags }, process.env);
  const client = await connected(config, process.env);
  try {
    return await rotated(
      config,
      { client, namespace: config.namespace, name: config.certificate.secret },
      isWaited !== undefined,
    );
  } catch (error) {
    throw new UsageError(`the CA cannot be rotated: ${reasonOf(error)}`);
  } finally {
    client.close();
  }
}

async function rotated({ registration }: Config, secret: CaSecret, isWaited: boolean): Promise<number> {
  const { signal } = new AbortController();
  const requested = await requestRotation(secret, () => newSigner(new Date(), SELF_TIMES), signal);
  if ('refused' in requested) {
    say(requested.refused);
    if (requested.underWay === undefined) return 1;
    const { configurations } = await rotationProgress(secret, NAME, requested.underWay.next, signal);
    say(awaited(configurations, registration));
    return 1;
  }
  const { subject, validToDate } = requested.next.certificate;
  say(`The next CA is in the Secret ${secret.name}: ${subject}, until ${validToDate.toISOString()}.`);
  if (!isWaited) {
    say(
      `Every configuration has to trust it for ${MINUTES} minutes; then it signs. portcullis status tells how far that is.`,
    );
    return 0;
  }
  return waited(secret, requested.next, signal);
}

/** A wait that the API server interrupts goes on: what is waited for goes on too. */
async function waited(secret: CaSecret, next: Signer, signal: AbortSignal): Promise<number> {
  const said = new Set<string>();
  const sayOnce = (line: string) => {
    if (!said.has(line)) say(line);
    said.add(line);
  };
  for (;;) {
    await setTimeout(1000);
    let progress: RotationProgress;
    try {
      progress = await rotationProgress(secret, NAME, next, signal);
    } catch (error) {
      sayOnce(`Asking again: ${reasonOf(error)}`);
      continue;
    }
    const { stage, configurations, oldUntil } = progress;
    for (const { line } of configurations) sayOnce(`${line}.`);
    if (stage === 'lost') {
      say(
        'The Secret knows nothing of it any more: somebody has put another one in its place. Look at portcullis status.',
      );
      return 1;
    }
    if (stage === 'signing') {
      say(`It signs now, and every replica changes over to it within half a minute.`);
      if (oldUntil !== undefined) say(`The old one is trusted until ${oldUntil.toISOString()}.`);
      return 0;
    }
    if (!configurations.some(({ isLacking }) => isLacking))
      sayOnce(`For ${MINUTES} minutes, so that every API server knows.`);
  }
}

function awaited(configurations: RotationProgress['configurations'], registration: Config['registration']): string {
  const lines = configurations.map(({ line }) => line).join('; ');
  if (!configurations.some(({ isLacking }) => isLacking)) {
    return `${lines}: ${MINUTES} minutes after a replica has seen that, it signs.`;
  }
  const who =
    registration === 'none'
      ? 'registration is none, so put it there'
      : 'the replicas put it there, or their log says why not';
  return `${lines}: ${who}.`;
}

const MINUTES = SELF_TIMES.plannedSettleMs / 60_000;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
